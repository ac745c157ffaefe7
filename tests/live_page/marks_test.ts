import assert from "node:assert/strict";
import { reasonsOf } from "../../lib/live_page/marks.ts";
import { instance } from "./snapshots.ts";

const MARKED = instance({
  uuid: "1",
  sum: { ...instance({ uuid: "1" }).sum, flows: 30_000 },
  disks: [
    {
      device: "vda",
      uuid: "v-1",
      tier: "ssd",
      read_bytes_per_second: 1,
      write_bytes_per_second: 1,
      read_requests_per_second: 1_204,
      write_requests_per_second: 500,
      read_threshold: 500,
      write_threshold: 500,
    },
  ],
  threats: [
    { list: "spamhaus", direction: "out", active: 1, total: 31 },
    { list: "customlist", direction: "any", active: 0, total: 2 },
  ],
});

Deno.test("reasonsOf has the numbers that a mark follows from", () => {
  const reasons = (mark: Parameters<typeof reasonsOf>[1], max: number | null = 262_144) =>
    reasonsOf(MARKED, mark, max).map((text) => text.replace(/[\u00a0\u202f]/g, " "));
  assert.deepEqual(reasons("disk_read"), ["vda reads 1.20 k/s, its tier ssd allows 500 /s"]);
  assert.deepEqual(reasons("disk_write"), []);
  assert.deepEqual(reasons("conntrack"), ["30 000 flows, 11.4 % of what the table can hold"]);
  assert.deepEqual(reasons("conntrack", null), ["30 000 flows, – of what the table can hold"]);
  assert.deepEqual(reasons("threat"), ["1 contact with spamhaus now, opened by the instance"]);
});
