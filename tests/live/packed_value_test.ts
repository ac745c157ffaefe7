import assert from "node:assert/strict";
import fc from "fast-check";
import { packValue, UNKNOWN, unpackValue } from "../../lib/live/packed_value.ts";

Deno.test("packValue keeps a number within 0.2 percent in 16 bits", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (value) => {
      const packed = packValue(value);
      assert.ok(packed >= 0 && packed < UNKNOWN && Number.isInteger(packed));
      assert.ok(Math.abs(unpackValue(packed) - value) <= 0.002 * value, `${value}`);
    }),
    { seed: 8, numRuns: 5000 },
  );
  for (const whole of [0, 1, 2, 100, 255, 256, 512]) {
    assert.equal(unpackValue(packValue(whole)), whole);
  }
});

Deno.test("packValue has no number for what is none", () => {
  for (const value of [NaN, -1, -0.5]) {
    assert.equal(packValue(value), UNKNOWN);
    assert.ok(Number.isNaN(unpackValue(packValue(value))));
  }
  assert.equal(unpackValue(packValue(Infinity)), Infinity);
});
