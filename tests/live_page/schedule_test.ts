import assert from "node:assert/strict";
import { nextAskMs, retryMs } from "../../lib/live_page/schedule.ts";

Deno.test("nextAskMs asks once an interval, soon after a cycle has ended", () => {
  const rows = [
    [{ intervalMs: 10_000, isNew: true, ageMs: 300 }, 10_000],
    [{ intervalMs: 10_000, isNew: true, ageMs: 5_500 }, 6_000],
    // It cannot be late by more than half an interval: the next cycle is not over before.
    [{ intervalMs: 10_000, isNew: true, ageMs: 60_000 }, 5_000],
    [{ intervalMs: 10_000, isNew: true, ageMs: undefined }, 10_000],
    [{ intervalMs: 10_000, isNew: false, ageMs: 10_500 }, 1_000],
    [{ intervalMs: 500, isNew: false, ageMs: 600 }, 125],
    [{ intervalMs: 200, isNew: false, ageMs: 0 }, 100],
  ] as const;
  for (const [given, wanted] of rows) assert.equal(nextAskMs(given), wanted, JSON.stringify(given));
});

Deno.test("retryMs grows to five seconds and no further", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5000].map(retryMs), [1000, 2000, 4000, 5000, 5000, 5000]);
});
