import assert from "node:assert/strict";
import { RELEASE_FOLDER } from "../../scripts/release.ts";
import { DebianRoot } from "../debian_root.ts";
import { pageBlock } from "../page_block.ts";
import { DEMO_NODE } from "./exporter_binary.ts";
import { PrometheusServer } from "./prometheus_server.ts";
import { RealProcess } from "./real_process.ts";
import { releaseFile } from "./release_files.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const NAME = "openstack_instance_exporter";
const WAIT_MS = 60_000;

/** There is no systemd: this takes its place, and writes down what it was asked. */
const SYSTEMCTL = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/systemctl.log"
`;

/** What a unit says behind `name=`. */
function settingOf(unit: string, name: string): string {
  const line = unit.split("\n").find((line) => line.startsWith(`${name}=`));
  assert.ok(line !== undefined, name);
  return line.slice(name.length + 1);
}

/** Runs commands of a page on this machine; `$HERE` stands in the place of the folders in /etc and /var. */
async function run(commands: string, cwd: string, here: string): Promise<void> {
  const moved = commands.replaceAll(/(?<= )\/(etc|var)\//g, `${here}/$1/`);
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-ec", moved],
    cwd,
    env: { PATH: `${here}:${Deno.env.get("PATH")}` },
    stdin: "null",
  }).output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  assert.ok(success, `${moved}\n${said}`);
}

Deno.test("who follows the pages has a scraped exporter, loaded rules and dashboards", async (t) => {
  const [, version = ""] = /_([^_]+)_amd64\.deb$/.exec(releaseFile("_amd64.deb")) ?? [];
  const commands = async (page: string, heading: string) =>
    (await pageBlock(page, heading)).replaceAll("VERSION", version);
  await using stack = new AsyncDisposableStack();
  const here = await Deno.makeTempDir({ prefix: "oie-operator-" });
  stack.defer(() => Deno.remove(here, { recursive: true }));
  await Deno.writeTextFile(`${here}/systemctl`, SYSTEMCTL, { mode: 0o755 });
  const port = freePort();

  await t.step("installation.md: the release is whole", async () => {
    await run(await commands("installation.md", "Check what you have"), RELEASE_FOLDER, here);
  });

  await t.step("installation.md: the node serves", async () => {
    const root = stack.use(await DebianRoot.make());
    const inside = (path: string) => `${root.path}${path}`;
    await Deno.copyFile(
      releaseFile("_amd64.deb"),
      inside(`/${releaseFile("_amd64.deb").split("/").at(-1)}`),
    );
    await Deno.writeTextFile(inside("/etc/apt/apt.conf.d/yes"), 'APT::Get::Assume-Yes "true";\n');
    await root.run("apt-get", "-q", "update");
    const [install = "", look = ""] = (await commands("installation.md", "Debian, Ubuntu")).split(
      "\n",
    );
    await root.run("sh", "-ec", `cd /; ${install}`);
    // What an operator changes: here there is no libvirtd, and the port may be another test's.
    await Deno.copyFile(DEMO_NODE, inside("/node.xml"));
    await Deno.writeTextFile(
      inside(`/etc/default/${NAME}`),
      `ARGS="-web.listen-address=127.0.0.1:${port} -libvirt.uri=test:///node.xml -cpu.min=0"\n`,
    );
    const unit = await Deno.readTextFile(inside(`/usr/lib/systemd/system/${NAME}.service`));
    const user = settingOf(unit, "User");
    const asUnit = `. /etc/default/${NAME}; exec setpriv --reuid=${user} --clear-groups ` +
      settingOf(unit, "ExecStart");
    const exporter = stack.use(new RealProcess(...root.inside("sh", "-c", asUnit)));
    await exporter.answer(`http://127.0.0.1:${port}/-/ready`, WAIT_MS);
    await run(look.replace("9120", String(port)), here, here);
  });

  await t.step("installation.md: rules and dashboards are unpacked", async () => {
    await Deno.copyFile(
      releaseFile(".monitoring.tar.gz"),
      `${here}/${NAME}-${version}.monitoring.tar.gz`,
    );
    await run(await commands("installation.md", "Prometheus and Grafana"), here, here);
  });

  const unpacked = `${here}/${NAME}-${version}.monitoring`;
  const folder = `${here}/etc/prometheus`;
  await t.step("prometheus.md: the configuration is taken, and Prometheus asked to", async () => {
    await run(await commands("prometheus.md", "Load"), unpacked, here);
    assert.equal(await Deno.readTextFile(`${here}/systemctl.log`), "reload prometheus\n");
  });

  await t.step("prometheus.md: the node is scraped, and every rule good", async () => {
    const path = `${folder}/prometheus.yml`;
    const config = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      path,
      config.replace(/ *static_configs:\n.*\n/, "").replaceAll(/: (30|10)s$/gm, ": 1s"),
    );
    await Deno.writeTextFile(
      `${folder}/targets/example.yml`,
      JSON.stringify([{ targets: [`localhost:${port}`] }]),
    );
    const prometheus = stack.use(PrometheusServer.start(folder));
    const describe = () => prometheus.process.output;
    await waitUntil("a recorded sum", async () => {
      return await prometheus.value("cloud:oie_host_active_vms:sum");
    }, { withinMs: WAIT_MS, describe });
    assert.equal(await prometheus.value('up{job="openstack_instances",hypervisor="localhost"}'), 1);
    const { groups } = await prometheus.get<{ groups: readonly Group[] }>("rules");
    const rules = groups.flatMap(({ rules }) => rules);
    assert.ok(rules.length > 100, String(rules.length));
    assert.deepEqual(rules.filter(({ health }) => health !== "ok"), []);
  });

  await t.step("grafana.md: the dashboards are in their place", async () => {
    await Deno.mkdir(`${here}/etc/grafana/provisioning`, { recursive: true });
    await run(await commands("grafana.md", "Load"), unpacked, here);
    const provider = `${here}/etc/grafana/provisioning/dashboards/openstack_instances.yml`;
    const [, place = ""] = /^ *path: (.*)$/m.exec(await Deno.readTextFile(provider)) ?? [];
    const titles = [];
    for (const { name } of Deno.readDirSync(`${here}${place}`)) {
      titles.push(JSON.parse(await Deno.readTextFile(`${here}${place}/${name}`)).title);
    }
    assert.equal(new Set(titles).size, 6, String(titles));
  });
});

Deno.test("who follows the page with the tarball has the program, its account and its unit", async () => {
  const tarball = releaseFile(".linux-amd64.tar.gz");
  const [, version = ""] = /-([^-]+)\.linux-amd64\.tar\.gz$/.exec(tarball) ?? [];
  await using root = await DebianRoot.make();
  const inside = (path: string) => `${root.path}${path}`;
  await Deno.copyFile(tarball, inside(`/${NAME}-${version}.linux-amd64.tar.gz`));
  await Deno.writeTextFile(inside("/usr/bin/systemctl"), SYSTEMCTL, { mode: 0o755 });
  const commands = (await pageBlock("installation.md", "Tarball")).replaceAll(
    "VERSION",
    version,
  );
  await root.run("sh", "-ec", `cd /; ${commands}`);
  assert.equal(
    await Deno.readTextFile(inside("/usr/bin/systemctl.log")),
    `daemon-reload\nenable --now ${NAME}\n`,
  );
  const unit = await Deno.readTextFile(inside(`/etc/systemd/system/${NAME}.service`));
  const user = settingOf(unit, "User");
  const [program = ""] = settingOf(unit, "ExecStart").split(" ");
  const asUser = ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
  assert.match(await root.run(...asUser, program, "-version"), /^openstack_instance_exporter \d/);
  for (const path of [`/etc/default/${NAME}`, `/usr/local/share/man/man1/${NAME}.1`]) {
    assert.ok((await root.output("test", "-f", path)).code === 0, path);
  }
});

interface Group {
  readonly rules: readonly { readonly health: string }[];
}
