import assert from "node:assert/strict";
import { CHURN_PER_SECOND, type ConntrackScenario, STEADY_ENTRIES } from "./conntrack_scenario.ts";
import { runScenario } from "./run_scenario.ts";

/** The kernel may hand an entry over twice, or not at all, when its neighbour in the table goes. */
const TOLERATED = STEADY_ENTRIES / 1000;

Deno.test("binary counts right in a conntrack table that changes 5,000 entries a second", async () => {
  const path = `${import.meta.dirname}/conntrack_scenario.ts`;
  const { during, created, seconds, after } = await runScenario<ConntrackScenario>(path);
  assert.ok(created > CHURN_PER_SECOND * seconds * 0.5, `${created} entries in ${seconds} s`);
  assert.ok(during.length >= 4, "pages of some cycles");
  for (const page of during) {
    const { up, entries = NaN, steady = NaN, steadyRemotes = NaN, busy = 0 } = page;
    const seen = JSON.stringify(page);
    // A dump that failed is told, and its page has the values of the one before.
    assert.ok(up === 1 || page.errors > 0, seen);
    assert.ok(Math.abs(steady - STEADY_ENTRIES) <= TOLERATED, seen);
    assert.ok(
      STEADY_ENTRIES - steadyRemotes >= 0 && STEADY_ENTRIES - steadyRemotes <= TOLERATED,
      seen,
    );
    assert.equal(entries, steady + busy, seen);
    assert.ok(busy <= created, seen);
  }
  assert.ok(during.some(({ busy = 0 }) => busy > CHURN_PER_SECOND / 10), "the busy guest's flows");
  const { endedAt: _, errors, interrupted, enobufs, ...healed } = after;
  assert.deepEqual(healed, {
    up: 1,
    entries: STEADY_ENTRIES,
    steady: STEADY_ENTRIES,
    steadyRemotes: STEADY_ENTRIES,
  });
  assert.ok(errors <= interrupted + enobufs, `${errors} of ${interrupted} and ${enobufs}`);
});
