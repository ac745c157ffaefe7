import assert from "node:assert/strict";
import fc from "fast-check";
import { AddressHash } from "../../lib/conntrack/address_hash.ts";
import { countOf, isKnown, PairTable } from "../../lib/conntrack/pair_table.ts";
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
    Deno.test(`PairTable counts and remembers like maps of pairs, ${words} words a key${title}`, () => {
      const word = fc.constantFrom(0, 1, 0xffff, 0x80000000, 0xffffffff);
      const pair = fc.tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.array(word, { minLength: words, maxLength: words }),
      );
      const interval = fc.record({
        pairs: fc.array(pair, { maxLength: 400 }),
        isAborted: fc.boolean(),
      });
      fc.assert(
        fc.property(fc.array(interval, { maxLength: 6 }), (intervals) => {
          const table = new PairTable(hash, words);
          let known = new Set<string>();
          for (const { pairs, isAborted } of intervals) {
            const counts = new Map<string, number>();
            for (const [id, key] of pairs) {
              const name = `${id} ${key}`;
              counts.set(name, (counts.get(name) ?? 0) + 1);
              const keys = Uint32Array.from([9, ...key]);
              const tally = table.increment(table.hashOf(id, keys, 1), id, keys, 1);
              assert.deepEqual(
                [countOf(tally), isKnown(tally)],
                [counts.get(name), known.has(name)],
              );
            }
            if (isAborted) table.abort();
            else {
              table.commit();
              known = new Set(counts.keys());
            }
          }
        }),
        { seed: SEED, numRuns: 100 },
      );
    });
  }
}

/** Counts one flow of each of these keys. */
function count(table: PairTable, from: number, to: number): void {
  const key = new Uint32Array(1);
  for (key[0] = from; key[0] < to; key[0]++) {
    table.increment(table.hashOf(7, key, 0), 7, key, 0);
  }
}

Deno.test("PairTable keeps its size while pairs come and go, and gives the memory back", () => {
  const table = new PairTable(new AddressHash(), 1);
  const sizes = [table.bytes / 12];
  const interval = (from: number, to: number) => {
    count(table, from, to);
    table.commit();
    sizes.push(table.bytes / 12);
  };
  interval(0, 100_000);
  // Each interval has other pairs: room for two intervals suffices for any number of them.
  for (let turn = 1; turn < 20; turn++) interval(turn * 100_000, (turn + 1) * 100_000);
  assert.deepEqual(sizes, [256, ...Array(20).fill(524_288)]);
  interval(0, 10);
  interval(0, 10);
  assert.equal(sizes.at(-1), 256);
});

Deno.test("capacityFor keeps a capacity that suffices unless half of it would be half empty", () => {
  assert.deepEqual(
    [capacityFor(0), capacityFor(160), capacityFor(161)],
    [256, 256, 512],
  );
  assert.deepEqual(
    [capacityFor(513, 2048), capacityFor(512, 2048), capacityFor(161, 65_536)],
    [2048, 1024, 512],
  );
});
