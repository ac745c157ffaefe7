import assert from "node:assert/strict";
import type { Phase } from "../lib/pulse.ts";
import { deadlineMs, type Verdict, Watchdog } from "../lib/watchdog.ts";

const INTERVAL_MS = 10_000;
const LOOK_MS = 1_000;

/** Seconds of silence, looked at each second, until the watchdog does something, and what. */
function silence(watchdog: Watchdog, id: number, phase: Phase): [Verdict, number] {
  for (let seconds = 1; seconds < 1000; seconds++) {
    const verdict = watchdog.look(LOOK_MS, { id, phase });
    if (verdict !== "well") return [verdict, seconds];
  }
  return ["well", Infinity];
}

/** A watchdog that has seen the beat. */
function watching(id: number, phase: Phase): Watchdog {
  const watchdog = new Watchdog(INTERVAL_MS);
  assert.equal(watchdog.look(LOOK_MS, { id, phase }), "well");
  return watchdog;
}

Deno.test("deadlineMs is three intervals, at least 15 s and at most 60 s", () => {
  assert.deepEqual([200, 5_000, 10_000, 20_000, 300_000].map(deadlineMs), [
    15_000,
    15_000,
    30_000,
    60_000,
    60_000,
  ]);
});

Deno.test("Watchdog.look wakes a thread that waits for libvirt, and replaces it where that is no help", () => {
  for (const phase of ["libvirt", "connect"] as const) {
    const watchdog = watching(1, phase);
    assert.deepEqual(silence(watchdog, 1, phase), ["wake", 31]);
    assert.deepEqual(silence(watchdog, 1, phase), ["replace", 61]);
  }
});

Deno.test("Watchdog.look replaces a thread that is stuck in work of its own, a minute later", () => {
  for (const phase of ["conntrack", "collect"] as const) {
    assert.deepEqual(silence(watching(1, phase), 1, phase), ["replace", 91]);
  }
});

Deno.test("Watchdog.look grants a sleeping thread the interval beside the deadline", () => {
  assert.deepEqual(silence(watching(1, "idle"), 1, "idle"), ["replace", 101]);
});

Deno.test("Watchdog.look doubles the deadline with each waking until a cycle is complete", () => {
  const watchdog = watching(0, "libvirt");
  const wakings: [Verdict, number][] = [];
  for (let id = 0; id < 5; id++) {
    wakings.push(silence(watchdog, id, "libvirt"));
    watchdog.look(LOOK_MS, { id: id + 1, phase: "libvirt" });
  }
  assert.deepEqual(wakings, [31, 61, 121, 121, 121].map((seconds) => ["wake", seconds]));
  watchdog.completed();
  assert.deepEqual(silence(watchdog, 5, "libvirt"), ["wake", 31]);
});

Deno.test("Watchdog.look is content with a thread that beats, however late the look comes", () => {
  const watchdog = new Watchdog(INTERVAL_MS);
  for (let id = 0; id < 100; id++) {
    assert.equal(watchdog.look(29_000, { id, phase: "libvirt" }), "well");
  }
});
