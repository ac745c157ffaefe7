import assert from "node:assert/strict";
import fc from "fast-check";
import { historyFrame } from "../../lib/live/history_frame.ts";
import {
  type Channel,
  CHANNELS,
  INSTANCE_HISTORY,
  NODE_HISTORY,
  SPARKS,
} from "../../lib/live/history_schema.ts";
import { HistoryStore } from "../../lib/live/history_store.ts";
import { InstanceRing } from "../../lib/live/instance_ring.ts";
import type { HistoryCycle } from "../../lib/live/node_view.ts";
import { checkAgainst, pathsOf } from "./schema_check.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

Deno.test("historyFrame divides a history into at most 360 points of whole cycles", () => {
  const rows = [
    [HOUR, 10 * SECOND, { points: 360, stepMs: 10_000, cyclesPerPoint: 1 }],
    [HOUR, 2 * SECOND, { points: 360, stepMs: 10_000, cyclesPerPoint: 5 }],
    [HOUR, 200, { points: 360, stepMs: 10_000, cyclesPerPoint: 50 }],
    [HOUR, 7 * SECOND, { points: 258, stepMs: 14_000, cyclesPerPoint: 2 }],
    [HOUR, MINUTE, { points: 60, stepMs: 60_000, cyclesPerPoint: 1 }],
    [SECOND, MINUTE, { points: 1, stepMs: 60_000, cyclesPerPoint: 1 }],
    [24 * HOUR, 10 * SECOND, { points: 360, stepMs: 240_000, cyclesPerPoint: 24 }],
    [0, MINUTE, undefined],
  ] as const;
  for (const [historyMs, intervalMs, frame] of rows) {
    assert.deepEqual(historyFrame({ historyMs, intervalMs }), frame);
  }
});

/** A cycle in which every instance has these values: CPU, and the same for all other channels. */
function cycleAt(
  dueAtMs: number,
  values: Readonly<Record<string, readonly [cpu: number, other: number]>>,
): HistoryCycle {
  const uuids = Object.keys(values);
  const rows = uuids.flatMap((uuid) => CHANNELS.map((_, at) => values[uuid]![at === 0 ? 0 : 1]));
  return { dueAtMs, uuids, values: Float32Array.from(rows) };
}

Deno.test("HistoryStore has a point for each cycle, null for what nobody told", () => {
  const store = new HistoryStore({ points: 4, stepMs: 10_000, cyclesPerPoint: 1 });
  const cpu = (uuid: string) => store.instance(uuid)?.series.cpu_percent;
  store.put(cycleAt(1_000_000, { a: [1, NaN] }));
  assert.deepEqual(cpu("a"), [1]);
  assert.deepEqual(store.instance("a")?.series.flows, [null]);
  assert.equal(cpu("b"), undefined);
  store.put(cycleAt(1_010_000, { a: [2, 7], b: [50, 5] }));
  // Two cycles were skipped.
  store.put(cycleAt(1_040_000, { a: [NaN, 7], b: [60.25, 5] }));
  assert.deepEqual(cpu("a"), [2, null, null, null]);
  assert.deepEqual(store.instance("a")?.series.flows, [7, null, null, 7]);
  assert.deepEqual(cpu("b"), [50, null, null, 60.25]);
  const { schema, uuid, step_seconds, ended_at } = store.instance("b")!;
  assert.deepEqual([schema, uuid, step_seconds, ended_at], [1, "b", 10, 1_040]);
  store.put(cycleAt(1_050_000, { b: [70, 5] }));
  assert.equal(cpu("a"), undefined, "it is gone");
  store.put(cycleAt(1_060_000, { a: [9, 5], b: [80, 5] }));
  assert.deepEqual(cpu("a"), [9], "it is another one now");
  // A pause longer than the history.
  store.put(cycleAt(1_500_000, { b: [3, 5] }));
  assert.deepEqual(cpu("b"), [null, null, null, 3]);
});

Deno.test("HistoryStore takes the mean of the cycles of a point, and starts anew where time went back", () => {
  const store = new HistoryStore({ points: 3, stepMs: 10_000, cyclesPerPoint: 5 });
  const cpu = () => store.instance("a")?.series.cpu_percent;
  for (const [at, value] of [[0, 10], [2, 20], [4.3, NaN], [6, 30], [8.9, 40], [10, 5]] as const) {
    store.put(cycleAt(1_000_000 + at * SECOND, { a: [value, 1] }));
  }
  assert.deepEqual(cpu(), [25, 5]);
  assert.equal(store.instance("a")?.ended_at, 1_010);
  store.put(cycleAt(900_000, { a: [77, 1] }));
  assert.deepEqual(cpu(), [77]);
  assert.equal(store.instance("a")?.ended_at, 900);
});

Deno.test("HistoryStore's small pictures know no sum of which a part is unknown", () => {
  const store = new HistoryStore({ points: 3, stepMs: 10_000, cyclesPerPoint: 1 });
  const values = (change: Partial<Record<Channel, number>>) =>
    Float32Array.from(CHANNELS.map((name) => change[name] ?? NaN));
  const [reads, writes] = SPARKS.disk_bytes_per_second;
  const rows = [{ [reads]: 2 }, { [reads]: 2, [writes]: 3 }, { [writes]: 3 }];
  rows.forEach((row, at) =>
    store.put({ dueAtMs: 1_000_000 + 10_000 * at, uuids: ["a"], values: values(row) })
  );
  assert.deepEqual(store.node().instances[0]?.disk_bytes_per_second, [null, 5, null]);
});

Deno.test("HistoryStore's histories are as they are described, in both directions", () => {
  const store = new HistoryStore(historyFrame({ historyMs: HOUR, intervalMs: 10 * SECOND })!);
  for (let turn = 0; turn < 400; turn++) {
    store.put(cycleAt(turn * 10 * SECOND, { a: [turn % 100, 1000 * turn], b: [NaN, NaN] }));
  }
  const one = JSON.parse(JSON.stringify(store.instance("a")));
  assert.deepEqual(
    [...checkAgainst(INSTANCE_HISTORY.schema, one)].sort(),
    pathsOf(INSTANCE_HISTORY.schema).sort(),
  );
  assert.equal(one.series.cpu_percent.length, 360);
  assert.equal(one.series.cpu_percent.at(-1), 99);
  const all = JSON.parse(JSON.stringify(store.node()));
  assert.deepEqual(
    [...checkAgainst(NODE_HISTORY.schema, all)].sort(),
    pathsOf(NODE_HISTORY.schema).sort(),
  );
  const [first, second] = all.instances;
  assert.equal(first.cpu_percent.length, 60);
  // Reads and writes are added up, within 0.2 percent.
  assert.equal(all.ended_at, 3990);
  assert.deepEqual(first.cpu_percent, one.series.cpu_percent.slice(-60));
  assert.ok(Math.abs(first.disk_bytes_per_second.at(-1) - 798_000) < 1_600);
  assert.deepEqual(second.network_bits_per_second, Array(60).fill(null));
});

Deno.test("InstanceRing reads what a list of all cycles has", () => {
  const cycles = fc.array(
    fc.record({ step: fc.nat(9), value: fc.oneof(fc.constant(NaN), fc.nat(512)) }),
    { minLength: 1, maxLength: 40 },
  );
  fc.assert(
    fc.property(cycles, fc.integer({ min: 1, max: 7 }), (list, points) => {
      const ring = new InstanceRing(5, { channels: 1, points });
      const seen = new Map<number, number[]>();
      let point = 5;
      for (const { step, value } of list) {
        point += step;
        ring.add(point, Float32Array.of(value), 0);
        if (!Number.isNaN(value)) seen.set(point, [...seen.get(point) ?? [], value]);
      }
      const expected = Array.from({ length: points }, (_, at) => point - points + 1 + at)
        .filter((at) => at >= 5)
        .map((at) => {
          const values = seen.get(at);
          return values ? values.reduce((sum, value) => sum + value) / values.length : null;
        });
      const got = ring.read(0, point);
      assert.deepEqual(got.map((value) => value === null), expected.map((value) => value === null));
      got.forEach((value, at) =>
        assert.ok(Math.abs((value ?? 0) - (expected[at] ?? 0)) <= 0.6 + 0.002 * (value ?? 0))
      );
    }),
    { seed: 8, numRuns: 500 },
  );
});
