import assert from "node:assert/strict";
import bcrypt from "bcryptjs";
import { Controller, type Variables } from "./ansible/controller.ts";
import { Node } from "./ansible/node.ts";
import { refusals } from "./ansible/refusals.ts";
import { ReleaseServer } from "./ansible/release_server.ts";
import { BINARY } from "./exporter_binary.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const NAME = "openstack_instance_exporter";
const PROGRAM = `/usr/local/bin/${NAME}`;
const ENVIRONMENT = `/etc/default/${NAME}`;
const START_MS = 20_000;

/** Blanks, and what a shell or systemd could take for its own. */
const SECRET_URL = "http://127.0.0.1:9/list?key=a%20b&c=$d;e";
const PASSWORD = "open sesame";
const HASH = bcrypt.hashSync(PASSWORD, 4);

/** What the role has to do on a node that has nothing. */
const FIRST_CHANGES = [
  "Install the libraries that the program opens",
  "Install the program",
  "Create the group",
  "Create the user",
  "Create the folder for settings",
  "Write the web config",
  "Install the custom list",
  "Write the arguments",
  "Install the unit",
  "Create the folder for overrides",
  "Write the overrides",
  "Have log files rotated",
];

/** Variables that use all that the role can do but for the kernel's setting. */
function settings(release: ReleaseServer, list: string, port: number): Variables {
  return {
    release_url: release.url("good"),
    web_listen_address: `127.0.0.1:${port}`,
    libvirt_uri: "test:///default",
    collection_interval: "500ms",
    cpu_min: 0,
    read_thresholds: "default:500, local:200",
    spamhaus_url: SECRET_URL,
    customlist_src: list,
    threatfile_enable: true,
    threatfile_path: "/var/log/openstack_instance_exporter/contacts.log",
    basic_auth_users: { scraper: HASH },
    http_server_config: { headers: { "X-Frame-Options": "deny" } },
    service_overrides: { MemoryMax: "2G", Environment: ["A=1", "B=2"] },
  };
}

// systemd does not run in the nodes: systemctl is a recorder, see tests/e2e/ansible/systemctl.
Deno.test({
  name: "Ansible role on clean Debians, with systemctl replaced by a recorder",
  // Two nodes at a time: Ansible keeps one processor busy with each.
  sanitizeOps: false,
  sanitizeResources: false,
  sanitizeExit: false,
  async fn(test) {
    await using controller = await Controller.make();
    await using release = await ReleaseServer.start(controller.folder);
    const passed = await Promise.all([
      test.step("from nothing to nothing", (step) => lifeOf(step, controller, release)),
      test.step("what changes nothing", (step) => restraint(step, controller, release)),
    ]);
    assert.deepEqual(passed, [true, true]);
  },
});

async function lifeOf(
  test: Deno.TestContext,
  controller: Controller,
  release: ReleaseServer,
): Promise<void> {
  await using node = await Node.make();
  const clean = await node.tree();
  const list = `${controller.folder}/list.txt`;
  await Deno.writeTextFile(list, "192.0.2.0/24\n");
  const port = freePort();
  const variables = settings(release, list, port);

  await test.step("installs the release and starts the service once", async () => {
    const { ok, changed, text } = await controller.play(node, variables, "--diff");
    assert.ok(ok, text);
    assert.deepEqual(changed, [
      ...FIRST_CHANGES,
      "Restart openstack_instance_exporter",
      "Reload openstack_instance_exporter",
      "Have the service run now and after a boot",
    ]);
    assert.deepEqual(await node.asked(), [
      "daemon-reload",
      `start ${NAME}`,
      `reload ${NAME}`,
      `enable ${NAME}`,
    ]);
    for (const secret of [SECRET_URL, HASH]) assert.ok(!text.includes(secret), text);
    assert.equal(await node.root.run("sh", "-c", MODES), MODES_WANTED);
    assert.equal(
      await node.read(`/etc/systemd/system/${NAME}.service.d/ansible.conf`),
      "#\n# Ansible managed\n#\n[Service]\nEnvironment=A=1\nEnvironment=B=2\nMemoryMax=2G\n",
    );
  });

  await test.step("changes nothing the second time", async () => {
    const { ok, changed, text } = await controller.play(node, variables);
    assert.ok(ok, text);
    assert.deepEqual([changed, await node.asked()], [[], []]);
  });

  await test.step("has the program serve as its user, with the arguments as they were given", async () => {
    await using exporter = new RealProcess(...node.root.inside("sh", "-c", START));
    const url = `http://127.0.0.1:${port}/metrics`;
    const authorization = `Basic ${btoa(`scraper:${PASSWORD}`)}`;
    await waitUntil("domains and the custom list on the page", async () => {
      const page = await (await fetch(url, { headers: { authorization } })).text();
      const seen = [/^oie_host_active_vms 1$/m, /^oie_customlist_entries 1$/m];
      return seen.every((line) => line.test(page)) || undefined;
    }, { withinMs: START_MS, describe: () => exporter.output });
    const stranger = await fetch(url);
    await stranger.body?.cancel();
    assert.deepEqual([stranger.status, stranger.headers.get("x-frame-options")], [401, "deny"]);
    const words = await node.root.run("sh", "-c", `${ARGUMENTS}; printf '%s\\n' "$@"`);
    assert.deepEqual(words.trimEnd().split("\n"), [
      `-web.listen-address=127.0.0.1:${port}`,
      `-web.config.file=/etc/${NAME}/web.yml`,
      "-libvirt.uri=test:///default",
      "-collection.interval=500ms",
      "-cpu.min=0",
      "-read.thresholds=default:500, local:200",
      `-spamhaus.url=${SECRET_URL}`,
      "-customlist.enable=true",
      `-customlist.path=/etc/${NAME}/customlist.txt`,
      "-threatfile.enable=true",
      `-threatfile.path=/var/log/${NAME}/contacts.log`,
      `-threat.cache.dir=/var/cache/${NAME}`,
    ]);
  });

  await test.step("reloads a new custom list, and leaves one that the program would not take", async () => {
    await Deno.writeTextFile(list, "0.0.0.0/0\n");
    const refused = await controller.play(node, variables, "--tags", `${NAME}_configure`);
    assert.ok(!refused.ok && refused.text.includes("failed to validate"), refused.text);
    assert.equal(await node.read(`/etc/${NAME}/customlist.txt`), "192.0.2.0/24\n");
    await Deno.writeTextFile(list, "192.0.2.0/24\n198.51.100.1\n");
    const { ok, changed, text } = await controller.play(node, variables, "--diff");
    assert.ok(ok, text);
    assert.deepEqual(changed, ["Install the custom list", "Reload openstack_instance_exporter"]);
    assert.deepEqual(await node.asked(), [`reload ${NAME}`]);
  });

  await test.step("upgrades the program, counts bytes of flows, and restarts once", async () => {
    const next = `${controller.folder}/next`;
    const program = await Deno.readFile(BINARY);
    // The last byte of e_ident is padding: another program for whoever compares, the same for the kernel.
    program[15] = 1;
    await Deno.writeFile(next, program);
    await node.isolate();
    const { ok, changed, text } = await controller.play(node, {
      libvirt_uri: "test:///default",
      local_path: next,
      conntrack_acct: true,
    });
    assert.ok(ok, text);
    assert.deepEqual(changed, [
      "Install the program",
      "Remove a web config of before",
      "Remove a custom list of before",
      "Write the arguments",
      "Remove overrides of before",
      "Count bytes of flows after a boot",
      "Count bytes of flows from now on",
      "Restart openstack_instance_exporter",
    ]);
    assert.deepEqual(await node.asked(), ["daemon-reload", `restart ${NAME}`]);
    assert.deepEqual(await Deno.readFile(node.root.path + PROGRAM), program);
    assert.equal(await node.accounting(), "1\n");
  });

  await test.step("uninstalls to the last file, once", async () => {
    const { ok, changed, text } = await controller.play(node, { state: "absent" });
    assert.ok(ok, text);
    assert.deepEqual(changed, [
      "Stop the service, now and at a boot",
      "Remove files and folders",
      "Remove the user",
    ]);
    assert.deepEqual(await node.asked(), [`disable ${NAME}`, `stop ${NAME}`, "daemon-reload"]);
    assert.deepEqual(await node.tree(), clean);
    const again = await controller.play(node, { state: "absent" });
    assert.ok(again.ok, again.text);
    assert.deepEqual([again.changed, await node.asked()], [[], []]);
  });
}

async function restraint(
  test: Deno.TestContext,
  controller: Controller,
  release: ReleaseServer,
): Promise<void> {
  await using node = await Node.make();
  const clean = await node.tree();

  await test.step("tells in check mode what it would do, and does nothing", async () => {
    const list = `${controller.folder}/wanted.txt`;
    await Deno.writeTextFile(list, "192.0.2.0/24\n");
    const variables = settings(release, list, 9120);
    const { ok, changed, text } = await controller.play(node, variables, "--check", "--diff");
    assert.ok(ok, text);
    assert.deepEqual(changed, FIRST_CHANGES);
    assert.deepEqual([await node.tree(), await node.asked()], [clean, []]);
    for (const secret of [SECRET_URL, HASH]) assert.ok(!text.includes(secret), text);
  });

  await test.step("refuses what is wrong before the service sees it", async () => {
    await refusals(node, controller, release);
    assert.deepEqual([await node.tree(), await node.asked()], [clean, []]);
  });
}

/** Splits the arguments as systemd does: at blanks, with quotes. */
const ARGUMENTS = `. ${ENVIRONMENT}; eval "set -- $ARGS"`;

/** systemd makes the folders that the unit names. */
const START = `install -d -o ${NAME} -g ${NAME} -m 0750 /var/log/${NAME} /var/cache/${NAME}
${ARGUMENTS}
exec setpriv --reuid=${NAME} --regid=${NAME} --clear-groups ${PROGRAM} "$@"`;

const MODES = `stat -c '%A %U:%G %n' ${PROGRAM} ${ENVIRONMENT} /etc/${NAME} /etc/${NAME}/* \\
  /etc/systemd/system/${NAME}.service /etc/logrotate.d/${NAME}`;
const MODES_WANTED = `-rwxr-xr-x root:root ${PROGRAM}
-rw-r----- root:root ${ENVIRONMENT}
drwxr-x--- root:${NAME} /etc/${NAME}
-rw-r----- root:${NAME} /etc/${NAME}/customlist.txt
-rw-r----- root:${NAME} /etc/${NAME}/web.yml
-rw-r--r-- root:root /etc/systemd/system/${NAME}.service
-rw-r--r-- root:root /etc/logrotate.d/${NAME}
`;
