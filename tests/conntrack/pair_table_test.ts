import assert from "node:assert/strict";
import fc from "fast-check";
import { AddressHash } from "../../lib/conntrack/address_hash.ts";
import { PairTable } from "../../lib/conntrack/pair_table.ts";
import { capacityFor } from "../../lib/conntrack/table_capacity.ts";

const SEED = 20_262;

/** A hash whose tables are all alike: everything collides, and answers must stay right. */
function collidingHash(): AddressHash {
  return new AddressHash((words) => words.fill(0x01000000));
}

for (const words of [1, 4] as const) {
  for (
    const [title, hash] of [["", new AddressHash()], [", all colliding", collidingHash()]] as const
  ) {
    Deno.test(`PairTable counts like a map of pairs, ${words} words a key${title}`, () => {
      const word = fc.constantFrom(0, 1, 0xffff, 0x80000000, 0xffffffff);
      const pair = fc.tuple(fc.nat(5), fc.array(word, { minLength: words, maxLength: words }));
      fc.assert(
        fc.property(fc.array(fc.array(pair, { maxLength: 400 }), { maxLength: 3 }), (rounds) => {
          const table = new PairTable(hash, words);
          for (const pairs of rounds) {
            const naive = new Map<string, number>();
            for (const [id, key] of pairs) {
              const count = (naive.get(`${id} ${key}`) ?? 0) + 1;
              naive.set(`${id} ${key}`, count);
              const keys = Uint32Array.from([9, ...key]);
              assert.equal(table.increment(table.hashOf(id, keys, 1), id, keys, 1), count);
            }
            assert.equal(table.size, naive.size);
            for (const [id, key] of rounds.flat()) {
              const keys = Uint32Array.from(key);
              const has = table.has(table.hashOf(id, keys, 0), id, keys, 0);
              assert.equal(has, naive.has(`${id} ${key}`));
            }
            table.clear(table.size);
          }
        }),
        { seed: SEED, numRuns: 100 },
      );
    });
  }
}

Deno.test("PairTable grows with its pairs and gives the memory back when it is cleared", () => {
  const table = new PairTable(new AddressHash(), 1);
  const small = table.bytes;
  const key = new Uint32Array(1);
  for (key[0] = 0; key[0] < 100_000; key[0]++) table.increment(table.hashOf(7, key, 0), 7, key, 0);
  assert.equal(table.size, 100_000);
  assert.equal(table.bytes, 262_144 * 12);
  table.clear(100_000);
  assert.deepEqual([table.size, table.bytes], [0, 262_144 * 12]);
  table.clear(10);
  assert.deepEqual([table.size, table.bytes], [0, small]);
});

Deno.test("capacityFor keeps a capacity that suffices and is at most four times too large", () => {
  assert.deepEqual(
    [capacityFor(0), capacityFor(160), capacityFor(161), capacityFor(161, 2048)],
    [256, 256, 512, 2048],
  );
  assert.equal(capacityFor(161, 4096), 512);
});
