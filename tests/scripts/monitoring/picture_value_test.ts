import assert from "node:assert/strict";
import { valueText } from "../../../scripts/monitoring/picture_value.ts";

const CASES: readonly (readonly [number, string | undefined, string])[] = [
  [0, undefined, "0"],
  [1234, "short", "1.23k"],
  [-1536, "binBps", "-1.5 KiB/s"],
  [12, "binBps", "12 B/s"],
  [4 * 2 ** 30, "bytes", "4 GiB"],
  [2500, "reqps", "2.5k req/s"],
  [40, "pps", "40 p/s"],
  [1200, "cps", "1.2k c/s"],
  [0.805, "percentunit", "80.5 %"],
  [137, "percent", "137 %"],
  [0.0123, "s", "12.3 ms"],
  [0.00005, "s", "50 µs"],
  [600, "s", "10 min"],
  [1, "bool_on_off", "on"],
  [NaN, "s", "–"],
];

Deno.test("valueText writes each unit short", () => {
  const written = CASES.map(([value, unit]) => valueText(value, unit));
  assert.deepEqual(written, CASES.map(([, , expected]) => expected));
});
