import assert from "node:assert/strict";
import type { DropsSeen } from "./conntrack_drops_scenario.ts";
import { runScenario } from "./run_scenario.ts";

Deno.test("binary exports what conntrack refused in its own network namespace, as the kernel counts it", async () => {
  const path = `${import.meta.dirname}/conntrack_drops_scenario.ts`;
  const [before, after] = await runScenario<readonly DropsSeen[]>(path);
  assert.deepEqual(before, { page: [0, 0, 0], kernel: [0, 0, 0] });
  // Three packets, each with the flow that it would have begun.
  assert.deepEqual(after, { page: [3, 0, 3], kernel: [3, 0, 3] });
});
