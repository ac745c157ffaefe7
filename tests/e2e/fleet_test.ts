import assert from "node:assert/strict";
import { measureFleet } from "./fleet.ts";

Deno.test("a small fleet is up under one Prometheus, with every series of its pages", async () => {
  const figures = await measureFleet({
    exporters: 3,
    instancesEach: 10,
    intervalSeconds: 1,
    watchSeconds: 4,
  });
  assert.equal(figures.up, 3);
  assert.equal(figures.badRules, 0);
  assert.ok(figures.seriesPerInstance > 10, JSON.stringify(figures));
  assert.ok(
    figures.headSeries >= figures.pageSeries && figures.ruleSeries > 0,
    JSON.stringify(figures),
  );
  assert.ok(figures.gzipBytes > 0 && figures.gzipBytes < figures.plainBytes);
});
