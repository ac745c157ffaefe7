import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDuration } from "../../lib/config/duration.ts";

const GOOD: readonly (readonly [string, number])[] = [
  ["0", 0],
  ["+0", 0],
  ["-0", 0],
  ["0s", 0],
  ["300ms", 300],
  ["10s", 10_000],
  ["1h30m", 5_400_000],
  ["1.5h", 5_400_000],
  [".5s", 500],
  ["1.s", 1000],
  ["+5s", 5000],
  ["-1m2.5s", -62_500],
  ["1us", 0.001],
  ["1\u00b5s", 0.001],
  ["1\u03bcs", 0.001],
  ["1ns", 0.000001],
  ["0.9ns", 0],
  ["1s1s", 2000],
  ["2562047h47m16.854775807s", 9223372036854.775807],
];

const BAD = [
  "",
  "10",
  "1.5",
  "-",
  "+",
  "s",
  ".s",
  "-.s",
  "+-1s",
  "1 s",
  " 1s",
  "1s ",
  "1S",
  "1d",
  "1w",
  "1e3s",
  "1_000s",
  "0x1s",
  "1s-1s",
  "00",
  "1s\n",
  "\u0661s",
];

Deno.test("parseDuration reads what Go reads", () => {
  const got = GOOD.map(([text]) => [text, parseDuration(text) + 0]);
  assert.deepEqual(got, GOOD);
});

Deno.test("parseDuration refuses what Go refuses and says the form", () => {
  for (const text of BAD) {
    assert.throws(() => parseDuration(text), {
      name: "SyntaxError",
      message: `${JSON.stringify(text)} is not a duration such as 300ms, 10s or 1h30m`,
    });
  }
  assert.throws(() => parseDuration("2562047h47m16.854775808s"), {
    name: "RangeError",
    message: '"2562047h47m16.854775808s" is longer than 292 years',
  });
});

Deno.test("parseDuration adds the parts of any sum", () => {
  const unitMs = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const part = fc.record({
    whole: fc.nat(10_000),
    thousandths: fc.nat(999),
    unit: fc.constantFrom(...Object.keys(unitMs) as (keyof typeof unitMs)[]),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.boolean(), (parts, minus) => {
      let text = minus ? "-" : "";
      let expectedMs = 0;
      for (const { whole, thousandths, unit } of parts) {
        text += `${whole}.${String(thousandths).padStart(3, "0")}${unit}`;
        expectedMs += (whole + thousandths / 1000) * unitMs[unit];
      }
      const got = parseDuration(text);
      // Below a nanosecond each part is cut off, so a sum may be short by one per part.
      const slack = 1e-6 * parts.length + Math.abs(expectedMs) * 1e-12;
      assert.ok(Math.abs(got - (minus ? -expectedMs : expectedMs)) <= slack, `${text}: ${got}`);
    }),
    { seed: 5, numRuns: 500 },
  );
});
