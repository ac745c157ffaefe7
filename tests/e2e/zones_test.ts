import assert from "node:assert/strict";
import { runScenario } from "./run_scenario.ts";
import type { ZonesSeen } from "./zones_scenario.ts";

Deno.test("binary tells two tenants' equal addresses apart by Open vSwitch's zones, while it has them", async () => {
  const path = `${import.meta.dirname}/zones_scenario.ts`;
  const seen = await runScenario<readonly ZonesSeen[]>(path);
  assert.deepEqual(seen, [
    // It sends only now.
    [1, 0, 2, 1, 0],
    [1, 0, 3, 1, 128],
    // Without the database each entry counts for both, and what they carried before for none.
    [0, 1, 6, 6, 128],
    [1, 0, 3, 1, 128],
    // Its port is in another zone now, where it has no flow.
    [1, 0, 3, 0, 128],
    [1, 0, 3, 0, 128],
  ]);
});
