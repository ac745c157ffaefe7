import assert from "node:assert/strict";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { valueOfDomain, type Values, valuesOfDomain } from "./domain_values.ts";
import { domstats } from "./domstats.ts";
import { NodeExporter } from "./node_exporter_process.ts";
import { seriesParts } from "./shown_guests.ts";
import { waitUntil } from "./wait_until.ts";

const WAIT_MS = 30_000;
const KIB = 1024;
// QEMU's threads are found by the UUID among all processes: another run of this test has others.
const SPARSE = {
  name: "instance-00000001",
  uuid: crypto.randomUUID(),
  bare: true,
  mostVcpus: 2,
  withoutBalloon: true,
  cdrom: true,
};
const CRASHED = {
  name: "instance-00000002",
  uuid: crypto.randomUUID(),
  bare: true,
  busy: "panicking",
} as const;

/** Families of a domain's series whose names begin so. */
function familiesOf(values: Values, domain: string, start: string): readonly string[] {
  const families = [...valuesOfDomain(values, domain).keys()].map((series) =>
    seriesParts(series).family
  );
  return [...new Set(families)].filter((family) => family.startsWith(start)).sort();
}

Deno.test("binary exports of guests without a balloon, with an empty drive, a plugged vCPU and after a panic what there is", async (test) => {
  await using node = await LibvirtNode.start();
  await node.createGuest(SPARSE);
  await node.createGuest(CRASHED);
  await using exporter = await NodeExporter.start(node, { intervalMs: 500 });
  const valueOf = (values: Values, family: string, text?: string) =>
    valueOfDomain(values, family, SPARSE.name, text);

  await test.step("without a balloon there is nothing that only a balloon tells", async () => {
    const stats = await domstats(node, SPARSE.name, "--balloon");
    const values = await exporter.nextPage(WAIT_MS);
    assert.deepEqual(familiesOf(values, SPARSE.name, "oie_memory_"), [
      "oie_memory_current_bytes",
      "oie_memory_maximum_bytes",
      "oie_memory_rss_bytes",
    ]);
    for (const which of ["current", "maximum"]) {
      const told = (stats.get(`balloon.${which}`) ?? NaN) * KIB;
      assert.equal(valueOf(values, `memory_${which}_bytes`), told);
    }
  });

  await test.step("an empty CD-ROM drive has no series", async () => {
    // libvirt has counters of it, and no sizes.
    const stats = await domstats(node, SPARSE.name, "--block");
    assert.equal(stats.get("block.count"), 3);
    assert.equal(stats.get("block.2.rd.reqs"), 0);
    const values = await exporter.nextPage(WAIT_MS);
    const capacities = [...valuesOfDomain(values, SPARSE.name).keys()].map(seriesParts)
      .filter(({ family }) => family === "oie_disk_capacity_bytes");
    assert.deepEqual(capacities.map(({ labels }) => labels["disk_path"]), ["vda", "vdb"]);
    assert.deepEqual([...values.keys()].filter((series) => series.includes("hda")), []);
  });

  await test.step("a vCPU that is plugged in counts once the domain's XML is looked at again", async () => {
    const before = await exporter.nextPage(WAIT_MS);
    assert.equal(valueOf(before, "cpu_vcpus"), 1);
    await node.virsh("setvcpus", SPARSE.name, "2", "--live");
    {
      await using started = await NodeExporter.start(node, { intervalMs: 500 });
      const anew = await started.values(
        "a page of an exporter that is started now",
        WAIT_MS,
        (values) => valueOf(values, "cpu_vcpus") !== undefined,
      );
      assert.equal(valueOf(anew, "cpu_vcpus"), 2);
    }
    // A new device has it looked at in the next cycle, and not within a minute only.
    const disk = await node.createDisk("plugged");
    await node.attachDevice(
      SPARSE.name,
      `<disk type="file"><source file="${disk}"/><target dev="vdc" bus="virtio"/></disk>`,
    );
    const after = await exporter.values(
      "the new disk",
      WAIT_MS,
      (values) => valueOf(values, "disk_capacity_bytes", 'disk_path="vdc"') === 2 ** 20,
    );
    assert.equal(valueOf(after, "cpu_vcpus"), 2);
    assert.equal(after.get("oie_host_active_vcpus"), 3);
    const steal = "cpu_steal_seconds_total";
    assert.ok((valueOf(before, steal) ?? NaN) <= (valueOf(after, steal) ?? NaN));
  });

  await test.step("a guest that panicked and is kept is crashed", async () => {
    await waitUntil("the panic", async () => {
      const state = await node.virsh("domstate", CRASHED.name, "--reason");
      return state.trim() === "crashed (panicked)" || undefined;
    }, { withinMs: WAIT_MS });
    const values = await exporter.nextPage(WAIT_MS);
    const of = (family: string, text?: string) => valueOfDomain(values, family, CRASHED.name, text);
    assert.equal(of("instance_state"), 6);
    assert.equal(of("instance_state_info", 'state="crashed",reason="panicked"'), 1);
    assert.equal(valueOf(values, "instance_state_info", 'state="running",reason="booted"'), 1);
  });

  await test.step("said nothing of it all in its log", () => {
    assert.doesNotMatch(exporter.process.output, /vCPU threads|cannot be used/);
  });
});
