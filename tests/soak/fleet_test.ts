import assert from "node:assert/strict";
import { measureFleet } from "../e2e/fleet.ts";

Deno.test("fleet of fifty exporters with fifty instances each under one Prometheus", async () => {
  const size = { exporters: 50, instancesEach: 50, intervalSeconds: 15, watchSeconds: 75 };
  const figures = await measureFleet(size);
  console.log(JSON.stringify(figures, undefined, 2));
  assert.equal(figures.up, size.exporters);
  assert.equal(figures.badRules, 0);
  assert.ok(figures.ruleSeconds < size.intervalSeconds, `${figures.ruleSeconds} s`);
});
