import assert from "node:assert/strict";
import { replaceSection } from "../../scripts/replace_section.ts";
import { compatibilityTable } from "./compatibility_table.ts";
import { FLOWS_EACH, measureSystem, type SystemReport } from "./debian_system.ts";

/** Names the page of the documentation that takes the table; where it is not set, none does. */
const TABLE = "COMPATIBILITY_TABLE";

const DEMO_INSTANCES = 10;
const SYSTEMS = [
  { suite: "bullseye", libvirt: "7.0.0", modular: false },
  { suite: "bookworm", libvirt: "9.0.0", modular: false },
  { suite: "trixie", libvirt: "11.3.0", modular: true },
] as const;

const reports: SystemReport[] = [];

for (const { suite, libvirt, modular } of SYSTEMS) {
  Deno.test(`binary reads libvirt ${libvirt} and conntrack on a clean Debian ${suite}`, async () => {
    const report = await measureSystem(suite, { modular });
    assert.match(report.version, /^openstack_instance_exporter \d.*x86_64/);
    const { testDriver, libvirtd, virtqemud } = report;
    assert.equal(testDriver.instances, DEMO_INSTANCES);
    assert.equal(testDriver.ipv4Flows, FLOWS_EACH);
    for (const page of [libvirtd, ...virtqemud ? [virtqemud] : []]) {
      assert.equal(page.instances, 1);
      assert.deepEqual([page.ipv4Flows, page.ipv6Flows], [FLOWS_EACH, FLOWS_EACH]);
      assert.deepEqual(page.families, libvirtd.families);
    }
    for (const page of [testDriver, libvirtd, ...virtqemud ? [virtqemud] : []]) {
      assert.equal(page.libvirt, libvirt);
      assert.equal(page.entries, page.kernelEntries);
    }
    reports.push(report);
  });
}

Deno.test("the table of compatibility has every system", async () => {
  assert.deepEqual(reports.map(({ suite }) => suite), SYSTEMS.map(({ suite }) => suite));
  const table = compatibilityTable(reports);
  console.log(table);
  const path = Deno.env.get(TABLE);
  if (path === undefined) return;
  const page = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, replaceSection(page, "compatibility", table));
});
