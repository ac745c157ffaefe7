import assert from "node:assert/strict";
import { CPU } from "../../lib/collectors/cpu.ts";
import { cycle, describe, reading, started, UUID } from "./readings.ts";

const LABELS =
  `{domain="instance-0000000a",instance_uuid="${UUID}",user_uuid="u-1",project_uuid="p-1"}`;

/** Percentages of an instance with 2 vCPUs whose CPU time is read at these moments. */
function percentages(
  readings: readonly (readonly [atMs: number, cpuTimeNs: bigint | undefined])[],
  ...flags: string[]
): (string | undefined)[] {
  const collect = started(CPU, ...flags);
  const run = {};
  const description = describe();
  return readings.map(([atMs, cpuTimeNs]) => {
    const stats = cpuTimeNs === undefined ? {} : { cpuTimeNs };
    const lines = collect(reading({ run, description, stats }), cycle(atMs));
    return lines?.map((line) => line.replace(`oie_cpu_percent${LABELS} `, "").trimEnd()).join();
  });
}

Deno.test("CPU is the time used by all vCPUs between two readings, from the second one on", () => {
  const used = percentages([[0, 5n], [10_000, 5_000_000_005n], [20_000, 25_000_000_005n]]);
  assert.deepEqual(used, ["", "25", "100"]);
});

Deno.test("CPU above what the vCPUs can use is 100", () => {
  assert.deepEqual(percentages([[0, 0n], [1_000, 9_000_000_000n]]), ["", "100"]);
});

Deno.test("CPU keeps precision where the counter is beyond 2^53", () => {
  const start = 2n ** 60n;
  assert.deepEqual(percentages([[0, start], [1_000, start + 500_000_000n]]), ["", "25"]);
});

Deno.test("CPU below the minimum is exported once after it was at or above it", () => {
  const second = 1_000_000_000n;
  const steps = [0n, 2n, 2n, 2n, 4n, 4n, 4n];
  const readings = steps.map((used, at) => [at * 1_000, used * second] as const);
  assert.deepEqual(percentages(readings), ["", "100", "0", "", "100", "0", ""]);
});

Deno.test("CPU at the minimum is exported, and all of it with a minimum of 0", () => {
  assert.deepEqual(percentages([[0, 0n], [1_000, 200_000_000n]]), ["", "10"]);
  assert.deepEqual(percentages([[0, 0n], [1_000, 0n]], "-cpu.min=0"), ["", "0"]);
});

Deno.test("CPU gives no value when the counter went back or the clock stood still", () => {
  assert.deepEqual(
    percentages([[0, 9n], [1_000, 5n], [1_000, 6n], [2_000, 1_000_000_006n]]),
    ["", "", "", "50"],
  );
});

Deno.test("CPU starts anew with another run of the domain", () => {
  const collect = started(CPU, "-cpu.min=0");
  const at = (run: object, atMs: number, cpuTimeNs: bigint) =>
    collect(reading({ run, stats: { cpuTimeNs } }), cycle(atMs));
  const first = {};
  at(first, 0, 0n);
  assert.equal(at(first, 1_000, 0n)?.length, 1);
  assert.deepEqual(at({}, 2_000, 2_000_000_000n), []);
});

Deno.test("CPU leaves what is cached where libvirt gave no time, and bridges the gap", () => {
  assert.deepEqual(
    percentages([[0, 0n], [1_000, undefined], [2_000, 2_000_000_000n]]),
    ["", undefined, "50"],
  );
});

Deno.test("CPU of a domain whose number of vCPUs nobody knows is absent", () => {
  const collect = started(CPU, "-cpu.min=0");
  const description = describe({ vcpus: undefined });
  const run = {};
  const at = (atMs: number) =>
    collect(reading({ run, description, stats: { cpuTimeNs: 0n } }), cycle(atMs));
  assert.deepEqual([at(0), at(1_000)], [[], []]);
});
