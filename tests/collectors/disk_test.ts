import assert from "node:assert/strict";
import type { DiskStats } from "../../ffi/domain_stats.ts";
import { DISK_INFO } from "../../lib/collectors/disk.ts";
import { DISK_IO } from "../../lib/collectors/disk_io.ts";
import { cycle, describe, reading, started, UUID } from "./readings.ts";

const DESCRIPTION = describe({
  disks: [
    { uuid: "d-1", tier: "ultra", device: "vda" },
    { uuid: "d-2", tier: "local", device: "vdb" },
  ],
});

function labels(uuid: string, tier: string, device: string): string {
  return `{domain="instance-0000000a",instance_uuid="${UUID}",user_uuid="u-1",project_uuid="p-1",` +
    `disk_uuid="${uuid}",disk_type="${tier}",disk_path="${device}"}`;
}
const VDA = labels("d-1", "ultra", "vda");
const VDB = labels("d-2", "local", "vdb");

/** Threshold lines of both disks for some flags, as `family vda vdb`. */
function thresholds(...flags: string[]): string[] {
  const lines = started(DISK_INFO, ...flags)(reading({ description: DESCRIPTION }), cycle()) ?? [];
  const of = (name: string, text: string) =>
    lines.find((line) => line.startsWith(name + text))?.split(" ").at(-1)?.trim();
  return ["oie_disk_r_alert_threshold", "oie_disk_w_alert_threshold"].map((name) =>
    `${of(name, VDA)} ${of(name, VDB)}`
  );
}

Deno.test("DISK_INFO names each disk and its thresholds", () => {
  assert.deepEqual(started(DISK_INFO)(reading({ description: DESCRIPTION }), cycle()), [
    `oie_disk_info${VDA} 1\n`,
    `oie_disk_r_alert_threshold${VDA} 100\n`,
    `oie_disk_w_alert_threshold${VDA} 100\n`,
    `oie_disk_info${VDB} 1\n`,
    `oie_disk_r_alert_threshold${VDB} 100\n`,
    `oie_disk_w_alert_threshold${VDB} 100\n`,
  ]);
});

Deno.test("DISK_INFO takes the tier's threshold, then the list's default, then the flag's", () => {
  assert.deepEqual(
    thresholds("-read.thresholds=default:500,local:200.5", "-default.write.threshold=7"),
    ["500 200.5", "7 7"],
  );
  assert.deepEqual(
    thresholds("-write.thresholds=ultra:2500", "-default.write.threshold=7"),
    ["100 100", "2500 7"],
  );
});

const IDLE: DiskStats = {
  name: "vda",
  readBytes: 0n,
  readRequests: 0n,
  writeBytes: 0n,
  writeRequests: 0n,
};

Deno.test("DISK_IO exports all four counters once any of them is above zero, and stays", () => {
  const collect = started(DISK_IO);
  const run = {};
  const at = (disk: DiskStats) =>
    collect(reading({ run, description: DESCRIPTION, stats: { disks: [disk] } }), cycle());
  assert.deepEqual(at(IDLE), []);
  const lines = (rGbytes: string, wRequests: string) => [
    `oie_disk_r_gbytes${VDA} ${rGbytes}\n`,
    `oie_disk_w_gbytes${VDA} 0\n`,
    `oie_disk_r_requests${VDA} 0\n`,
    `oie_disk_w_requests${VDA} ${wRequests}\n`,
  ];
  assert.deepEqual(
    at({ ...IDLE, readBytes: 2n ** 29n, writeRequests: 18446744073709551615n }),
    lines("0.5", "18446744073709551615"),
  );
  assert.deepEqual(at(IDLE), lines("0", "0"));
});

Deno.test("DISK_IO forgets a disk that was unplugged", () => {
  const collect = started(DISK_IO);
  const run = {};
  const at = (...disks: DiskStats[]) =>
    collect(reading({ run, description: DESCRIPTION, stats: { disks } }), cycle());
  assert.equal(at({ ...IDLE, readBytes: 1n })?.length, 4);
  assert.deepEqual(at(), []);
  assert.deepEqual(at(IDLE), []);
});

Deno.test("DISK_IO leaves out a counter that libvirt did not give", () => {
  const stats = { disks: [{ name: "vdb", readRequests: 3n }] };
  assert.deepEqual(started(DISK_IO)(reading({ description: DESCRIPTION, stats }), cycle()), [
    `oie_disk_r_requests${VDB} 3\n`,
  ]);
});

Deno.test("DISK_IO knows no CD-ROM and no disk that the XML does not have", () => {
  const stats = { disks: [{ name: "sda", readRequests: 3n }] };
  assert.deepEqual(started(DISK_IO)(reading({ description: DESCRIPTION, stats }), cycle()), []);
});

Deno.test("DISK_IO leaves what is cached where libvirt gave no disks at all", () => {
  const collect = started(DISK_IO);
  assert.equal(collect(reading({ description: DESCRIPTION }), cycle()), undefined);
});

Deno.test("DISK_IO leaves what is cached where libvirt knew no more than the disks' names", () => {
  const collect = started(DISK_IO);
  const at = (...disks: DiskStats[]) =>
    collect(reading({ description: DESCRIPTION, stats: { disks } }), cycle());
  assert.equal(at({ name: "vda" }, { name: "vdb" }), undefined);
  assert.deepEqual(at({ name: "vda" }, { name: "vdb", readRequests: 0n }), []);
  assert.deepEqual(at(), []);
});

Deno.test("DISK_IO forgets what was exported when the domain starts anew", () => {
  const collect = started(DISK_IO);
  const at = (disk: DiskStats) =>
    collect(reading({ description: DESCRIPTION, stats: { disks: [disk] } }), cycle());
  assert.equal(at({ ...IDLE, readRequests: 1n })?.length, 4);
  assert.deepEqual(at(IDLE), []);
});
