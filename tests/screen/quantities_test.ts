import assert from "node:assert/strict";
import { binary, count, duration, percent, short } from "../../lib/screen/quantities.ts";
import { mostOf, sparkline } from "../../lib/screen/sparkline.ts";

Deno.test("short and binary write three digits and a prefix", () => {
  const cases = [
    [null, "-", "-"],
    [0, "0", "0"],
    [0.25, "0.25", "0.25"],
    [12, "12", "12"],
    [99.96, "100", "100"],
    [999.4, "999", "999"],
    [999.5, "1.00k", "0.98Ki"],
    [1234, "1.23k", "1.21Ki"],
    [99_950, "100k", "97.6Ki"],
    [2 ** 31, "2.15G", "2.00Gi"],
    [1e21, "1000E", "867Ei"],
    [-1500, "-1.50k", "-1.46Ki"],
  ] as const;
  assert.deepEqual(
    cases.map(([value]) => [value, short(value), binary(value)]),
    cases.map((row) => [...row]),
  );
});

Deno.test("percent, count and duration read as people write them", () => {
  assert.deepEqual([null, 0, 4.71, 99.94, 99.96].map(percent), ["-", "0.0", "4.7", "99.9", "100"]);
  assert.deepEqual([null, 0, 1234567.8].map(count), ["-", "0", "1,234,568"]);
  assert.deepEqual(
    [-1, 0.4, 59.4, 60, 3599, 3600, 90_061, 864_000].map(duration),
    ["0 s", "0 s", "59 s", "1 min", "59 min 59 s", "1 h", "1 d 1 h", "10 d"],
  );
});

Deno.test("sparkline draws the largest of what shares a block, and nothing where nothing is known", () => {
  const draw = (values: readonly (number | null)[], columns = 80, full = 8) =>
    sparkline(values, { columns, full });
  assert.equal(draw([0, 1, 2, 3, 4, 5, 6, 7, 8, 100, null]), "▁▁▂▃▄▅▆▇██ ");
  assert.equal(draw([0, 8, 1, 2, null, null, null, 3], 4), "█▂ ▃");
  assert.equal(draw([1, 2, 3], 0), "");
  assert.equal(draw([], 9), "");
  assert.equal(draw([0, 0], 2, 0), "▁▁", "all zero");
  assert.equal(mostOf([null, -1, null, -3]), -1);
  assert.equal(mostOf([null]), null);
});
