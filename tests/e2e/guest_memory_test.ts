import assert from "node:assert/strict";
import { guestKernel } from "../integration/guest_kernel.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { valueOfDomain, type Values, valuesOfDomain } from "./domain_values.ts";
import { domstats } from "./domstats.ts";
import { NodeExporter } from "./node_exporter_process.ts";
import { waitUntil } from "./wait_until.ts";

/** A Linux without KVM takes some 5 s to get there, and many times as long beside other work. */
const BOOT_MS = 180_000;
const WAIT_MS = 60_000;
const GUEST = { name: "instance-00000001", uuid: crypto.randomUUID() };
const DATA = `disk_path="vdb"`;
const KIB = 1024;
/** Of the guest's 96 MiB; its swap takes what does not fit any more. */
const TARGET_KIB = 88 * KIB;

/** The families by libvirt's name of what the guest's kernel says through its balloon. */
const FIGURES: readonly (readonly [family: string, libvirt: string, unit: number])[] = [
  ["memory_available_bytes", "available", KIB],
  ["memory_usable_bytes", "usable", KIB],
  ["memory_unused_bytes", "unused", KIB],
  ["memory_disk_caches_bytes", "disk_caches", KIB],
  ["memory_swap_in_bytes_total", "swap_in", KIB],
  ["memory_swap_out_bytes_total", "swap_out", KIB],
  ["memory_major_faults_total", "major_fault", 1],
  ["memory_minor_faults_total", "minor_fault", 1],
  ["memory_balloon_last_update_timestamp_seconds", "last-update", 1],
];
const UPDATED = "memory_balloon_last_update_timestamp_seconds";

/** The memory and disk series of the guest. */
function resources(values: Values): Values {
  return new Map(
    [...valuesOfDomain(values, GUEST.name)].filter(([series]) => /^oie_(memory|disk)_/.test(series))
      .sort(([a], [b]) => a < b ? -1 : 1),
  );
}

Deno.test("binary exports memory and disks of a guest's Linux: by its balloon, smaller, and while it is busy", async (test) => {
  const linux = await guestKernel();
  await using node = await LibvirtNode.start();
  await node.createGuest({ ...GUEST, linux });
  await using exporter = await NodeExporter.start(node, {
    intervalMs: 500,
    // What is last known lasts for as long as the guest is busy, however slow this machine is.
    flags: ["-dynamic.cache.expiration=10m"],
  });
  const valueOf = (values: Values, family: string, text = "") =>
    valueOfDomain(values, family, GUEST.name, text) ?? NaN;
  const balloon = () => domstats(node, GUEST.name, "--balloon");
  const describe = () => exporter.process.output;

  await exporter.values(
    "swapping and flushes",
    BOOT_MS,
    (values) =>
      valueOf(values, "memory_swap_in_bytes_total") > 0 &&
      valueOf(values, "memory_swap_out_bytes_total") > 0 &&
      valueOf(values, "memory_major_faults_total") > 0 &&
      valueOf(values, "disk_flush_requests_total", DATA) > 0 &&
      valueOf(values, "disk_flush_seconds_total", DATA) > 0 &&
      valueOf(values, "disk_read_seconds_total", DATA) > 0 &&
      valueOf(values, "disk_w_requests", DATA) > 0,
  );

  await test.step("all figures are libvirt's", async () => {
    // The guest tells all of them each second: a page and libvirt that have the same second have the same.
    const [page, libvirt] = await waitUntil("a page as new as libvirt's answer", async () => {
      const told = await balloon();
      const values = await exporter.values("a page", WAIT_MS, () => true);
      return valueOf(values, UPDATED) === told.get("balloon.last-update")
        ? [values, told]
        : undefined;
    }, { withinMs: WAIT_MS, describe });
    assert.deepEqual(
      FIGURES.map(([family]) => [family, valueOf(page, family)]),
      FIGURES.map((
        [family, name, unit],
      ) => [family, (libvirt.get(`balloon.${name}`) ?? NaN) * unit]),
    );
    const available = valueOf(page, "memory_available_bytes");
    assert.ok(available < valueOf(page, "memory_maximum_bytes"));
    assert.ok(valueOf(page, "memory_usable_bytes") < available);
    assert.ok(Math.abs(valueOf(page, UPDATED) - Date.now() / 1000) < 60);
  });

  await test.step("memory that the balloon takes from the guest is not current any more", async () => {
    const before = await exporter.nextPage(WAIT_MS);
    const maximum = valueOf(before, "memory_maximum_bytes");
    assert.equal(valueOf(before, "memory_current_bytes"), maximum);
    await node.virsh("setmem", GUEST.name, String(TARGET_KIB), "--live");
    await waitUntil("a balloon of that size", async () => {
      return (await balloon()).get("balloon.current") === TARGET_KIB || undefined;
    }, { withinMs: BOOT_MS, describe });
    const available = "memory_available_bytes";
    const after = await exporter.values(
      "less memory, which the guest's kernel tells each second",
      WAIT_MS,
      (values) =>
        valueOf(values, "memory_current_bytes") === TARGET_KIB * KIB &&
        valueOf(values, available) < valueOf(before, available),
    );
    assert.ok(TARGET_KIB * KIB < maximum);
    assert.equal(valueOf(after, "memory_maximum_bytes"), maximum);
  });

  await test.step("what was last known of a guest stays while another call occupies it, and goes on", async () => {
    const before = await exporter.nextPage(WAIT_MS);
    // The call that occupies the guest must not be the exporter's own.
    Deno.kill(exporter.process.pid, "SIGSTOP");
    await domstats(node, GUEST.name);
    await node.freezeGuest(GUEST.name);
    const occupying = node.virsh("domblkstat", GUEST.name, "vdb")
      .then(() => "it ended", (error: Error) => error.message);
    await waitUntil("the other call", async () => {
      return (await node.virsh("domcontrol", GUEST.name)).startsWith("occupied") || undefined;
    }, { withinMs: WAIT_MS });
    Deno.kill(exporter.process.pid, "SIGCONT");

    const busy = await domstats(node, GUEST.name, "--nowait", "--balloon", "--block");
    const known = [
      busy.get("balloon.current"),
      busy.get("balloon.rss"),
      busy.get("block.1.rd.reqs"),
    ];
    assert.deepEqual(known, [TARGET_KIB, undefined, undefined], "what libvirt says of it now");
    const first = resources(await exporter.nextPage(WAIT_MS));
    const second = resources(await exporter.nextPage(WAIT_MS));
    assert.deepEqual([...first.keys()], [...resources(before).keys()]);
    assert.ok(valueOf(first, "memory_rss_bytes") > 0);
    assert.deepEqual(second, first);

    await node.thawGuest(GUEST.name);
    assert.equal(await occupying, "it ended");
    await exporter.values(
      "newer values",
      WAIT_MS,
      (values) =>
        valueOf(values, UPDATED) > valueOf(second, UPDATED) &&
        valueOf(values, "disk_w_requests", DATA) > valueOf(second, "disk_w_requests", DATA),
    );
    assert.doesNotMatch(exporter.process.output, /connection was cut/);
  });
});
