import assert from "node:assert/strict";
import { DebianRoot } from "../debian_root.ts";
import { DEMO_NODE } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { outputOf, releaseFile } from "./release_files.ts";
import { freePort } from "./wait_until.ts";

const NAME = "openstack_instance_exporter";
const UNIT = `${NAME}.service`;
const DEFAULT = `/etc/default/${NAME}`;
const START_MS = 20_000;

/** There is no systemd in the root: this takes its place, and writes down what it was asked. */
const SYSTEMCTL = `#!/bin/sh
echo "systemctl $*" >> /systemctl.log
`;

/** Starts the program as the unit does, but for its limits: the unit's account, flags of the default file. */
const START = `set -a; . ${DEFAULT}; exec setpriv --reuid=${NAME} --regid=${NAME} ` +
  `--clear-groups ${NAME} $ARGS`;

/** The same package as one of an older version. */
async function olderPackage(root: DebianRoot, deb: string): Promise<string> {
  const folder = `${root.path}/older`;
  await outputOf("dpkg-deb", ["-R", deb, folder]);
  const control = await Deno.readTextFile(`${folder}/DEBIAN/control`);
  await Deno.writeTextFile(
    `${folder}/DEBIAN/control`,
    control.replace(/^Version: .*$/m, "Version: 0.0.1"),
  );
  await outputOf("dpkg-deb", ["-Znone", "-b", folder, `${folder}.deb`]);
  await Deno.remove(folder, { recursive: true });
  return "/older.deb";
}

Deno.test("deb is installed, runs, is upgraded, removed and purged on a clean Debian", async (test) => {
  const deb = releaseFile("_amd64.deb");
  await using root = await DebianRoot.make();
  const inside = (path: string) => `${root.path}${path}`;
  /** What systemctl was asked to do with the service since the last look. */
  const asked = async () => {
    const text = await Deno.readTextFile(inside("/systemctl.log"));
    await Deno.writeTextFile(inside("/systemctl.log"), "");
    const actions = text.matchAll(/(\S+) openstack_instance_exporter\.service$/gm);
    return Array.from(actions, ([, action]) => action)
      .filter((action) => action === "stop" || action?.endsWith("start") || action === "reload");
  };
  const isThere = (path: string) => root.output("test", "-e", path).then(({ code }) => code === 0);
  const link = `/etc/systemd/system/multi-user.target.wants/${UNIT}`;
  const isEnabled = () => root.output("test", "-L", link).then(({ code }) => code === 0);
  await Deno.copyFile(deb, inside("/newer.deb"));
  await Deno.copyFile(DEMO_NODE, inside("/node.xml"));
  const older = await olderPackage(root, deb);

  await test.step("installs with the libraries that it needs, where no systemd runs", async () => {
    await root.run("apt-get", "-q", "update");
    const packages = [older, "logrotate"];
    await root.run("apt-get", "-q", "install", "-y", "--no-install-recommends", ...packages);
    assert.match(
      await root.run("getent", "passwd", NAME),
      /:\/nonexistent:\/usr\/sbin\/nologin\n$/,
    );
    assert.ok(await isEnabled());
    assert.equal(await root.run("dpkg", "--verify", "openstack-instance-exporter"), "");
    assert.match(await root.run(NAME, "-version"), /^openstack_instance_exporter \d.*x86_64/);
  });

  const port = freePort();
  const log = `/var/log/${NAME}/exporter.log`;
  await test.step("reads libvirt's test driver as its account, with the flags of the default file", async () => {
    const flags = `-web.listen-address=127.0.0.1:${port} -libvirt.uri=test:///node.xml ` +
      `-log.file.enable -log.file.path=${log}`;
    await Deno.writeTextFile(inside(DEFAULT), `ARGS="${flags}"\n`);
    // As LogsDirectory= of the unit makes it.
    await root.run("install", "-d", "-m", "0750", "-o", NAME, "-g", NAME, `/var/log/${NAME}`);
    await using exporter = new RealProcess(...root.inside("sh", "-c", START));
    await exporter.answer(`http://127.0.0.1:${port}/-/ready`, START_MS);
    const values = sampleValues(
      await exporter.answer(`http://127.0.0.1:${port}/metrics`, START_MS),
    );
    const domains = (await Deno.readTextFile(DEMO_NODE)).match(/<domain[ >]/g)?.length;
    assert.equal(values.get("oie_libvirt_up"), 1);
    assert.equal(values.get("oie_host_active_vms"), domains);
    assert.equal((await exporter.stop("SIGTERM", START_MS)).code, 0);
  });

  await Deno.writeTextFile(inside("/usr/bin/systemctl"), SYSTEMCTL, { mode: 0o755 });
  await Deno.mkdir(inside("/run/systemd/system"), { recursive: true });
  await Deno.writeTextFile(inside("/systemctl.log"), "");

  await test.step("rotates the log and asks the service to open it anew", async () => {
    assert.equal((await root.output("logrotate", "-d", `/etc/logrotate.d/${NAME}`)).code, 0);
    await root.run("logrotate", "-f", `/etc/logrotate.d/${NAME}`);
    assert.deepEqual(await asked(), ["reload"]);
    assert.ok(await isThere(`${log}.1`));
  });

  await test.step("upgrades: restarts once, keeps the account and the edited default file", async () => {
    const account = await root.run("id", NAME);
    await root.run("dpkg", "-i", "/newer.deb");
    assert.deepEqual(await asked(), ["restart"]);
    assert.match(await Deno.readTextFile(inside(DEFAULT)), /test:\/\/\/node\.xml/);
    assert.equal(await root.run("id", NAME), account);
    // The same once more changes nothing either.
    await root.run("dpkg", "-i", "/newer.deb");
    assert.deepEqual(await asked(), ["restart"]);
    assert.equal(await root.run("id", NAME), account);
  });

  await test.step("stays disabled where an administrator disabled it", async () => {
    // What `systemctl disable` does.
    await Deno.remove(inside(link));
    await root.run("dpkg", "-i", "/newer.deb");
    assert.ok(!await isEnabled());
    await Deno.symlink(`/usr/lib/systemd/system/${UNIT}`, inside(link));
    await asked();
  });

  await test.step("removes: stops first, leaves configuration and what the service wrote", async () => {
    await root.run("dpkg", "-r", "openstack-instance-exporter");
    assert.deepEqual(await asked(), ["stop"]);
    assert.deepEqual(
      await Promise.all([`/usr/bin/${NAME}`, DEFAULT, `${log}.1`].map(isThere)),
      [false, true, true],
    );
  });

  await test.step("comes back enabled, and purges with nothing left", async () => {
    await root.run("dpkg", "-i", "/newer.deb");
    assert.ok(await isEnabled());
    await root.run("dpkg", "-P", "openstack-instance-exporter");
    const search = ["/", "-xdev", "-iname", "*openstack*instance*exporter*"];
    assert.equal(await root.run("find", ...search), "");
    assert.equal((await root.output("getent", "passwd", NAME)).code, 2);
  });
});
