import assert from "node:assert/strict";
import { buildIndex } from "../../lib/threat/build_index.ts";
import { type NaivePrefix, setOf } from "./naive_lists.ts";

function filterOf(...prefixes: readonly NaivePrefix[]): Uint32Array {
  return buildIndex([{ bit: 0, set: setOf(prefixes) }]).filter;
}

function bitsOf(filter: Uint32Array): number {
  return filter.reduce((sum, word) => sum + word.toString(2).replaceAll("0", "").length, 0);
}

Deno.test("buildFilter sets no bit for no list, and one for a lone address", () => {
  assert.equal(bitsOf(filterOf()), 0);
  assert.equal(bitsOf(filterOf({ width: 1, address: 0xc633_6401n, length: 32 })), 1);
  assert.equal(bitsOf(filterOf({ width: 4, address: 0x2001_0db8n << 96n, length: 128 })), 1);
});

Deno.test("buildFilter has at most one bit in sixteen set, up to 2 MiB", () => {
  const list = Array.from({ length: 5_000 }, (_, at): NaivePrefix => ({
    width: 1,
    address: BigInt(Math.imul(at + 1, 0x9e37_79b1) >>> 0),
    length: 32,
  }));
  const filter = filterOf(...list);
  assert.ok(16 * bitsOf(filter) <= 32 * filter.length);
  assert.ok(32 * filter.length < 32 * 5_000);
  const wide = filterOf(
    ...[1n, 2n, 3n].map((upper): NaivePrefix => ({
      width: 4,
      address: upper << 112n,
      length: 16,
    })),
    { width: 1, address: 0x0b00_0000n, length: 8 },
  );
  assert.equal(wide.byteLength, 512 * 1024);
});

Deno.test("buildFilter lets all pass where half of the internet is listed", () => {
  const half = filterOf({ width: 4, address: 1n << 127n, length: 1 });
  assert.deepEqual([...half], [0xffff_ffff]);
});
