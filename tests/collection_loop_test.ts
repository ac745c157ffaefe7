import assert from "node:assert/strict";
import { type LoopClock, runCollectionLoop, sleepFor, type Start } from "../lib/collection_loop.ts";

/** A clock that only moves when something sleeps or works. */
class FakeClock implements LoopClock {
  nowMs = 1_000;
  now(): number {
    return this.nowMs;
  }
  sleep(ms: number): Promise<void> {
    this.nowMs += ms;
    return Promise.resolve();
  }
}

/** Starts of a loop of 100 ms whose cycles take these times. */
async function startsOf(durationsMs: readonly number[], wakeLateMs = 0): Promise<Start[]> {
  const clock = new FakeClock();
  const stop = new AbortController();
  const starts: Start[] = [];
  await runCollectionLoop((start) => {
    starts.push(start);
    clock.nowMs += durationsMs[starts.length - 1] ?? 0;
    if (starts.length === durationsMs.length) stop.abort();
  }, {
    intervalMs: 100,
    clock: {
      now: () => clock.now(),
      sleep: (ms) => clock.sleep(ms > 0 ? ms + wakeLateMs : 0),
    },
    signal: stop.signal,
  });
  return starts;
}

Deno.test("runCollectionLoop starts at once and then from start to start", async () => {
  assert.deepEqual(await startsOf([30, 99, 0]), [
    { startedAtMs: 1_000, lagMs: 0, skippedTotal: 0 },
    { startedAtMs: 1_100, lagMs: 0, skippedTotal: 0 },
    { startedAtMs: 1_200, lagMs: 0, skippedTotal: 0 },
  ]);
});

Deno.test("runCollectionLoop skips and counts the starts that a long cycle missed", async () => {
  assert.deepEqual(await startsOf([250, 10, 100, 101, 0]), [
    { startedAtMs: 1_000, lagMs: 0, skippedTotal: 0 },
    { startedAtMs: 1_300, lagMs: 0, skippedTotal: 2 },
    { startedAtMs: 1_400, lagMs: 0, skippedTotal: 2 },
    { startedAtMs: 1_500, lagMs: 0, skippedTotal: 2 },
    { startedAtMs: 1_700, lagMs: 0, skippedTotal: 3 },
  ]);
});

Deno.test("runCollectionLoop says how late a cycle began and does not drift", async () => {
  assert.deepEqual(await startsOf([0, 0, 0], 7), [
    { startedAtMs: 1_000, lagMs: 0, skippedTotal: 0 },
    { startedAtMs: 1_107, lagMs: 7, skippedTotal: 0 },
    { startedAtMs: 1_207, lagMs: 7, skippedTotal: 0 },
  ]);
});

Deno.test("runCollectionLoop ends in its sleep when the signal is given", async () => {
  const stop = new AbortController();
  let cycles = 0;
  const loop = runCollectionLoop(() => void cycles++, {
    intervalMs: 3_600_000,
    clock: { now: () => performance.now(), sleep: sleepFor },
    signal: stop.signal,
  });
  // Lets the zero sleep before the first cycle pass.
  await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  await loop;
  assert.equal(cycles, 1);
});
