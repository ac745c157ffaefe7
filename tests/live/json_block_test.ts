import assert from "node:assert/strict";
import fc from "fast-check";
import { Hole, JsonBlock } from "../../lib/live/json_block.ts";

const RUNS = { seed: 8, numRuns: 2000 } as const;

function text({ bytes }: JsonBlock): string {
  return new TextDecoder().decode(bytes);
}

/** What a number becomes: two decimals, none from 10^12 on, null from 10^15 on and below 0. */
function expected(value: number): number | null {
  if (!(value >= 0) || value >= 1e15) return null;
  return value >= 1e12 ? Math.round(value) : Math.round(100 * value) / 100;
}

Deno.test("JsonBlock writes each number into its place, over whatever stood there", () => {
  const block = new JsonBlock({ a: new Hole(1), "b\n": [new Hole(0), "x", null], c: 3 }, 2);
  const number = fc.oneof(
    fc.constantFrom(0, 0.005, 0.995, 9.999, 99.999, 1e9, 999_999_999.99, 1e12, 1e15, NaN, Infinity),
    fc.double({ min: 0, max: 1e16 }),
    fc.double({ min: 0, max: 1000, noNaN: true }),
    fc.nat(),
  );
  fc.assert(
    fc.property(number, number, (first, second) => {
      block.fill(Float64Array.of(first, second));
      assert.deepEqual(JSON.parse(text(block)), {
        a: expected(second),
        "b\n": [expected(first), "x", null],
        c: 3,
      });
    }),
    RUNS,
  );
});

Deno.test("JsonBlock is null where nothing was written yet, and can be left open", () => {
  const block = new JsonBlock({ a: new Hole(0) }, 1, { isOpen: true });
  assert.equal(text(block), '{"a":           null');
  block.fill(Float64Array.of(12.5));
  assert.equal(text(block), '{"a":           12.5');
  block.fill(Float64Array.of(7));
  assert.equal(text(block), '{"a":              7');
});

Deno.test("JsonBlock keeps any text text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (name, value) => {
      const block = new JsonBlock({ [name]: value, n: new Hole(0) }, 1);
      block.fill(Float64Array.of(5));
      const parsed = JSON.parse(text(block));
      assert.equal(parsed.n, 5);
      if (name !== "n" && name !== "__proto__") assert.equal(parsed[name], value);
    }),
    RUNS,
  );
});
