import assert from "node:assert/strict";
import { type FreshnessFacts, freshnessOf } from "../../lib/live_page/freshness.ts";

const GOOD: FreshnessFacts = {
  nowMs: 60_000,
  contact: { kind: "answers" },
  libvirtUp: true,
  ageSeconds: 3,
  lifetimeSeconds: 20,
  isKept: false,
};

Deno.test("freshnessOf says in words what is wrong, and nothing where all is well", () => {
  const rows: readonly (readonly [Partial<FreshnessFacts>, string, string, string?])[] = [
    [{}, "good", "Live"],
    [{ contact: { kind: "waiting" }, ageSeconds: undefined }, "waiting", "Loading"],
    [
      { ageSeconds: undefined },
      "waiting",
      "No data",
      "The exporter has no data yet. The first cycle is not over yet.",
    ],
    [
      { ageSeconds: undefined, libvirtUp: false },
      "old",
      "No data",
      "The exporter has no data yet. libvirt does not answer.",
    ],
    [
      { libvirtUp: false, ageSeconds: 12 },
      "old",
      "Stale",
      "libvirt does not answer the exporter. What you see is 12 s old.",
    ],
    [
      { isKept: true, ageSeconds: 300 },
      "old",
      "Stale",
      "libvirt does not answer the exporter. What you see is 5 min old.",
    ],
    [
      { ageSeconds: 21 },
      "old",
      "Stale",
      "The exporter has finished no cycle for longer than data lives. What you see is 21 s old.",
    ],
    [
      { contact: { kind: "lost", sinceMs: 50_000, retryAtMs: 63_500, reason: "no connection" } },
      "lost",
      "No answer",
      "The exporter has not answered for 10 s (no connection). What you see is 3 s old. " +
      "Asking again in 4 s.",
    ],
    [
      {
        contact: { kind: "lost", sinceMs: 60_000, retryAtMs: 60_000, reason: "status 500" },
        ageSeconds: undefined,
      },
      "lost",
      "No answer",
      "The exporter has not answered for 0 s (status 500). No data came yet. Asking again.",
    ],
  ];
  for (const [change, level, word, banner] of rows) {
    assert.deepEqual(freshnessOf({ ...GOOD, ...change }), { level, word, banner });
  }
});
