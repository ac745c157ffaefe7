import assert from "node:assert/strict";
import type { FilterScenario } from "./instance_filter_scenario.ts";
import { runScenario } from "./run_scenario.ts";

Deno.test("binary with a filter exports the selected instance alone, and the host with all of them", async () => {
  const path = `${import.meta.dirname}/instance_filter_scenario.ts`;
  const selected = "instance-00000001";
  assert.deepEqual(await runScenario<FilterScenario>(path), {
    domains: [selected],
    // None of those that the others' zones and addresses have.
    flows: { "10.0.0.5": 0, "10.0.0.6": 2 },
    contacts: [1],
    host: [3, 7, 8, 0],
    api: [selected],
    lines: [`customlist ${selected} 10.0.0.6 192.0.2.1`],
  });
});
