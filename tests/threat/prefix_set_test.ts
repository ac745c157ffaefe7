import assert from "node:assert/strict";
import fc from "fast-check";
import { entriesOf, type PrefixSet, sameSet, unionOf } from "../../lib/threat/prefix_set.ts";
import { type NaivePrefix, prefixes, setOf } from "./naive_lists.ts";

function naive(list: readonly NaivePrefix[], width: 1 | 4): string[] {
  const firsts = list.filter((prefix) => prefix.width === width).map(({ address, length }) => {
    const size = 1n << BigInt(32 * width - length);
    return { first: address / size * size, length };
  });
  firsts.sort((a, b) => a.first < b.first ? -1 : a.first > b.first ? 1 : a.length - b.length);
  return [...new Set(firsts.map(({ first, length }) => `${first}/${length}`))];
}

function shown({ ipv4, ipv6 }: PrefixSet): { ipv4: string[]; ipv6: string[] } {
  const of = ({ width, starts, bits }: PrefixSet["ipv4"]) =>
    Array.from(bits, (length, at) => {
      const words = starts.slice(at * width, (at + 1) * width);
      return `${words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n)}/${length}`;
    });
  return { ipv4: of(ipv4), ipv6: of(ipv6) };
}

const LIST = fc.array(fc.oneof(prefixes(1), prefixes(4)), { maxLength: 200 });

Deno.test("PrefixSetBuilder sorts, masks host bits and merges what comes twice", () => {
  fc.assert(
    fc.property(LIST, (list) => {
      const set = setOf([...list, ...list]);
      const expected = { ipv4: naive(list, 1), ipv6: naive(list, 4) };
      assert.deepEqual(shown(set), expected);
      assert.equal(entriesOf(set), expected.ipv4.length + expected.ipv6.length);
    }),
    { seed: 4, numRuns: 300 },
  );
});

Deno.test("unionOf has the prefixes of all sets; sameSet knows equal ones", () => {
  fc.assert(
    fc.property(LIST, LIST, (a, b) => {
      const union = unionOf([setOf(a), setOf(b)]);
      assert.deepEqual(shown(union), shown(setOf([...b, ...a])));
      assert.equal(sameSet(union, setOf(a)), entriesOf(union) === entriesOf(setOf(a)));
    }),
    { seed: 4, numRuns: 200 },
  );
});
