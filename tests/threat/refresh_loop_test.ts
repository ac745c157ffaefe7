import assert from "node:assert/strict";
import { RefreshLoop } from "../../lib/threat/refresh_loop.ts";
import { ManualClock, settle } from "./manual_clock.ts";

function started(options: { random?: () => number; tookMs?: () => number } = {}) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const starts: number[] = [];
  const loop = new RefreshLoop(() => {
    starts.push(clock.now());
    clock.advance(options.tookMs?.() ?? 0);
    return Promise.resolve();
  }, { intervalMs: 1000, clock, random: options.random ?? (() => 0) });
  const ended = loop.run(stop.signal);
  return { clock, starts, loop, end: () => (stop.abort(), ended) };
}

Deno.test("RefreshLoop refreshes at once and then from start to start", async () => {
  const { clock, starts, end } = started({ tookMs: () => 300 });
  for (let turn = 0; turn < 3; turn++) {
    await settle();
    clock.advance(700);
  }
  await settle();
  assert.deepEqual(starts, [0, 1000, 2000, 3000]);
  await end();
});

Deno.test("RefreshLoop spreads refreshes over the last tenth of the interval", async () => {
  const random = [0, 0.5, 0.999];
  const { clock, end } = started({ random: () => random.shift() ?? 0 });
  const waits: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    await settle();
    const [dueMs = NaN] = clock.due;
    waits.push(Math.round(dueMs - clock.now()));
    clock.advance(dueMs - clock.now());
  }
  assert.deepEqual(waits, [1000, 950, 900]);
  await settle();
  await end();
});

Deno.test("RefreshLoop goes on at once after a refresh that took longer than the interval", async () => {
  const took = [2500, 0];
  const { clock, starts, end } = started({ tookMs: () => took.shift() ?? 0 });
  await settle();
  assert.deepEqual(clock.due, [2500]);
  clock.advance(0);
  await settle();
  assert.deepEqual(starts, [0, 2500]);
  await end();
});

Deno.test("RefreshLoop.wake refreshes now, once for several calls", async () => {
  const { clock, starts, loop, end } = started();
  await settle();
  clock.advance(100);
  loop.wake();
  loop.wake();
  await settle();
  assert.deepEqual(starts, [0, 100]);
  assert.deepEqual(clock.due, [1100]);
  await end();
});

Deno.test("RefreshLoop.wake during a refresh makes another follow it", async () => {
  let release = () => {};
  let runs = 0;
  const clock = new ManualClock();
  const stop = new AbortController();
  const loop = new RefreshLoop(() => {
    runs++;
    return new Promise((resolve) => release = resolve);
  }, { intervalMs: 1000, clock });
  const ended = loop.run(stop.signal);
  await settle();
  loop.wake();
  await settle();
  assert.equal(runs, 1);
  release();
  await settle();
  assert.equal(runs, 2);
  release();
  stop.abort();
  await ended;
});
