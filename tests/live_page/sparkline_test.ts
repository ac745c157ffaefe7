import assert from "node:assert/strict";
import { SPARK_SIZE, sparkPath } from "../../lib/live_page/sparkline.ts";

Deno.test("sparkPath draws the newest values at the right, with gaps where nothing is known", () => {
  const options = { points: 3, ceiling: 100 };
  assert.equal(sparkPath([], options), "");
  assert.equal(sparkPath([null], options), "");
  assert.equal(sparkPath([0, 50, 100], options), "M1.5 16.5L32.0 9.0L62.5 1.5");
  assert.equal(sparkPath([0, 25, 50], options), "M1.5 16.5L32.0 12.8L62.5 9.0", "of the ceiling");
  assert.equal(sparkPath([7, 0, 50, 100], options), "M1.5 16.5L32.0 9.0L62.5 1.5");
  assert.equal(sparkPath([100], options), "M62.5 1.5L62.5 1.5", "a dot");
  assert.equal(sparkPath([0, null, 200], options), "M1.5 16.5L1.5 16.5M62.5 1.5L62.5 1.5");
  assert.equal(sparkPath([0, 0], { points: 2, ceiling: 0 }), "M1.5 16.5L62.5 16.5");
  assert.deepEqual(SPARK_SIZE, { width: 64, height: 18 });
});
