import assert from "node:assert/strict";
import { guestKernel } from "../integration/guest_kernel.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { NodeExporter } from "./node_exporter_process.ts";
import { seriesParts } from "./shown_guests.ts";
import { waitUntil } from "./wait_until.ts";

/** A Linux without KVM takes some 5 s to get there, and many times as long beside other work. */
const BOOT_MS = 180_000;
const GUEST = { name: "instance-00000001", uuid: crypto.randomUUID() };
const DATA = `disk_path="vdb"`;
const KIB = 1024;

/** The families by libvirt's name of what the guest's kernel says through its balloon. */
const FIGURES: readonly (readonly [family: string, libvirt: string, unit: number])[] = [
  ["oie_memory_available_bytes", "available", KIB],
  ["oie_memory_usable_bytes", "usable", KIB],
  ["oie_memory_unused_bytes", "unused", KIB],
  ["oie_memory_disk_caches_bytes", "disk_caches", KIB],
  ["oie_memory_swap_in_bytes_total", "swap_in", KIB],
  ["oie_memory_swap_out_bytes_total", "swap_out", KIB],
  ["oie_memory_major_faults_total", "major_fault", 1],
  ["oie_memory_minor_faults_total", "minor_fault", 1],
  ["oie_memory_balloon_last_update_timestamp_seconds", "last-update", 1],
];
const UPDATED = "oie_memory_balloon_last_update_timestamp_seconds";

Deno.test("binary exports what a guest's Linux says through its balloon, and its disk's flushes", async () => {
  const linux = await guestKernel();
  await using node = await LibvirtNode.start();
  await node.createGuest({ ...GUEST, linux });
  await using exporter = await NodeExporter.start(node, { intervalMs: 500 });
  const valueOf = (values: ReadonlyMap<string, number>, family: string, text = "") =>
    [...values].find(([series]) => seriesParts(series).family === family && series.includes(text))
      ?.[1] ?? NaN;

  await exporter.values(
    "swapping and flushes",
    BOOT_MS,
    (values) =>
      valueOf(values, "oie_memory_swap_in_bytes_total") > 0 &&
      valueOf(values, "oie_memory_swap_out_bytes_total") > 0 &&
      valueOf(values, "oie_memory_major_faults_total") > 0 &&
      valueOf(values, "oie_disk_flush_requests_total", DATA) > 0 &&
      valueOf(values, "oie_disk_flush_seconds_total", DATA) > 0 &&
      valueOf(values, "oie_disk_read_seconds_total", DATA) > 0 &&
      valueOf(values, "oie_disk_w_requests", DATA) > 0,
  );

  // The guest tells all of them each second: a page and libvirt that have the same second have the same.
  const [page, libvirt] = await waitUntil("a page as new as libvirt's answer", async () => {
    const stats = await node.virsh("domstats", "--balloon", GUEST.name);
    const told = new Map(
      stats.split("\n").map((line): [string, number] => {
        const [name = "", value = ""] = line.trim().split("=");
        return [name.replace("balloon.", ""), Number(value)];
      }),
    );
    const values = await exporter.values("a page", BOOT_MS, () => true);
    return valueOf(values, UPDATED) === told.get("last-update") ? [values, told] : undefined;
  }, { withinMs: BOOT_MS, describe: () => exporter.process.output });
  assert.deepEqual(
    FIGURES.map(([family]) => [family, valueOf(page, family)]),
    FIGURES.map(([family, name, unit]) => [family, (libvirt.get(name) ?? NaN) * unit]),
  );
  const available = valueOf(page, "oie_memory_available_bytes");
  assert.ok(available < valueOf(page, "oie_memory_maximum_bytes"));
  assert.ok(valueOf(page, "oie_memory_usable_bytes") < available);
  assert.ok(Math.abs(valueOf(page, UPDATED) - Date.now() / 1000) < 60);
});
