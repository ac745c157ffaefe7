import assert from "node:assert/strict";
import { sorted } from "../../lib/live_page/sort_key.ts";
import { instance } from "./snapshots.ts";

const quiet = instance({ uuid: "1" });
const known = { ...quiet.sum, read_bytes_per_second: 5, write_bytes_per_second: null };
const INSTANCES = [
  instance({ uuid: "1", name: "web-10", cpu_percent: 50 }),
  instance({ uuid: "2", name: "web-2", cpu_percent: null }),
  instance({ uuid: "3", name: "", domain: "instance-3", cpu_percent: 99, over: ["threat"] }),
  instance({ uuid: "4", name: "db", cpu_percent: 50, sum: known }),
];

const order = (column: Parameters<typeof sorted>[1]["column"], descending: boolean) =>
  sorted(INSTANCES, { column, descending }).map(({ uuid }) => uuid).join("");

Deno.test("sorted puts the unknown last either way, and equal ones by name", () => {
  assert.equal(order("cpu", true), "3412");
  assert.equal(order("cpu", false), "4132");
  assert.equal(order("marks", true), "3421");
});

Deno.test("sorted compares text as people do, and adds up what is known", () => {
  assert.equal(order("name", false), "4321");
  assert.equal(order("name", true), "1234");
  assert.equal(order("disk", true), "4321");
});

Deno.test("sorted lets nobody change places for what is not shown", () => {
  const [one, other] = [
    instance({
      uuid: "1",
      name: "a",
      cpu_percent: 99.97,
      sum: { ...quiet.sum, rx_bits_per_second: 1_200_100 },
    }),
    instance({
      uuid: "2",
      name: "b",
      cpu_percent: 100,
      sum: { ...quiet.sum, rx_bits_per_second: 1_200_900 },
    }),
  ];
  for (const column of ["cpu", "network"] as const) {
    const order = sorted([other, one], { column, descending: true });
    assert.deepEqual(order.map(({ uuid }) => uuid), ["1", "2"], column);
  }
});
