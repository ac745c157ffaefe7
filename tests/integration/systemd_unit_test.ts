import assert from "node:assert/strict";
import { packagedUnit } from "../../scripts/release/stage.ts";
import { REPOSITORY } from "../../scripts/repository.ts";

const NAME = "openstack_instance_exporter.service";
const UNIT = `${REPOSITORY}/packaging/systemd/${NAME}`;

async function analyze(...args: string[]): Promise<{ code: number; text: string }> {
  const command = new Deno.Command("systemd-analyze", { args, env: { LC_ALL: "C" } });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("systemd unit leaves little to attack, by systemd's own measure", async () => {
  // The threshold counts tenths.
  const { code, text } = await analyze("security", "--offline=true", "--threshold=19", UNIT);
  assert.match(text, /Overall exposure level for openstack_instance_exporter\.service: 1\.\d /);
  assert.equal(code, 0, text);
});

Deno.test("systemd unit has nothing that systemd does not know", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-unit-" });
  try {
    const unit = await Deno.readTextFile(UNIT);
    // Only the program need not be there.
    const present = packagedUnit(unit)
      .replace("/usr/bin/openstack_instance_exporter ", "/bin/true ");
    assert.notEqual(present, packagedUnit(unit));
    await Deno.writeTextFile(`${folder}/${NAME}`, present);
    const verify = ["verify", "--man=no", "--recursive-errors=no", `${folder}/${NAME}`];
    assert.deepEqual(await analyze(...verify), { code: 0, text: "" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("systemd unit grants CAP_NET_ADMIN alone, and leaves V8 its executable memory", async () => {
  const settings = (await Deno.readTextFile(UNIT)).split("\n")
    .filter((line) =>
      /^(Capability|Ambient|User|Group|Supplementary|Memory|Type|Dynamic)/.test(line)
    );
  assert.deepEqual(settings, [
    "Type=notify",
    "User=openstack_instance_exporter",
    "Group=openstack_instance_exporter",
    "CapabilityBoundingSet=CAP_NET_ADMIN",
    "AmbientCapabilities=CAP_NET_ADMIN",
    "MemoryMax=1G",
  ]);
});

Deno.test("systemd unit takes its flags from the variable that the default file has", async () => {
  const path = `${REPOSITORY}/packaging/default/openstack_instance_exporter`;
  const lines = (await Deno.readTextFile(path)).split("\n");
  assert.deepEqual(lines.filter((line) => line !== "" && !line.startsWith("#")), ['ARGS=""']);
  const unit = await Deno.readTextFile(UNIT);
  assert.match(unit, /^EnvironmentFile=-\/etc\/default\/openstack_instance_exporter$/m);
  assert.match(unit, /^ExecStart=\S+ \$ARGS$/m);
});
