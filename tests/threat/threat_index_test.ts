import assert from "node:assert/strict";
import fc from "fast-check";
import { buildIndex } from "../../lib/threat/build_index.ts";
import { byteLengthOf, ThreatIndex, transferablesOf } from "../../lib/threat/threat_index.ts";
import { addresses, contains, type NaivePrefix, prefixes, recordOf, setOf } from "./naive_lists.ts";

function indexOf(lists: readonly (readonly NaivePrefix[])[]): ThreatIndex {
  return new ThreatIndex(buildIndex(lists.map((list, bit) => ({ bit, set: setOf(list) }))));
}

function maskOf(lists: readonly (readonly NaivePrefix[])[], width: 1 | 4, address: bigint): number {
  return lists.reduce(
    (mask, list, bit) =>
      list.some((prefix) => prefix.width === width && contains(prefix, address))
        ? mask | (1 << bit)
        : mask,
    0,
  );
}

for (const width of [1, 4] as const) {
  Deno.test(`ThreatIndex finds what a naive model finds, ${width} words`, () => {
    const lists = fc.array(fc.array(prefixes(width), { maxLength: 25 }), { maxLength: 7 });
    const top = (1n << BigInt(32 * width)) - 1n;
    fc.assert(
      fc.property(lists, fc.array(addresses(width)), (lists, others) => {
        const index = indexOf(lists);
        const borders = lists.flat().flatMap(({ address, length }) => {
          const size = 1n << BigInt(32 * width - length);
          const first = address / size * size;
          return [first - 1n, first, address, first + size - 1n, first + size];
        });
        for (const address of [...others, ...borders]) {
          // In the words of a record an IPv4-mapped address is the IPv4 one.
          if (address < 0n || address > top || (width === 4 && address >> 32n === 0xffffn)) {
            continue;
          }
          const found = index.find(Uint32Array.of(7, ...recordOf(address, width)), 1);
          assert.equal(found, maskOf(lists, width, address), address.toString(16));
          // Together with others it is the same.
          const answers = new Uint8Array(3);
          const record = recordOf(address, width);
          index.findAll(Uint32Array.of(...record, 7, ...record, 7), 5, 2, answers);
          assert.deepEqual([...answers], [found, found, 0]);
        }
      }),
      { seed: 4, numRuns: 200 },
    );
  });
}

Deno.test("ThreatIndex of nothing finds nothing, at both ends of both families", () => {
  const index = indexOf([]);
  for (const width of [1, 4] as const) {
    for (const address of [0n, (1n << BigInt(32 * width)) - 1n]) {
      assert.equal(index.find(recordOf(address, width), 0), 0);
    }
  }
});

Deno.test("ThreatIndex keeps the families apart", () => {
  // ::/16 holds, as numbers, every IPv4-mapped address.
  const index = indexOf([[{ width: 4, address: 0n, length: 16 }]]);
  assert.equal(index.find(recordOf(1n, 4), 0), 1);
  assert.equal(index.find(recordOf(1n, 1), 0), 0);
});

Deno.test("ThreatIndex moves to another thread without a copy", () => {
  const list = { width: 1, address: 0x0102_0304n, length: 32 } as const;
  const data = buildIndex([{ bit: 2, set: setOf([list]) }]);
  const moved = structuredClone(data, { transfer: transferablesOf(data) });
  assert.equal(byteLengthOf(data), 0);
  assert.equal(new ThreatIndex(moved).find(recordOf(list.address, 1), 0), 4);
});

Deno.test("buildIndex takes at most 7 bytes for a lone IPv4 address and 21 for an IPv6 one", () => {
  const empty = byteLengthOf(buildIndex([]));
  for (const [width, bytes] of [[1, 3], [4, 17]] as const) {
    const list = Array.from({ length: 1000 }, (_, at): NaivePrefix => ({
      width,
      address: 0x0a00_0000n + BigInt(at * at),
      length: 32 * width,
    }));
    const two = buildIndex([{ bit: 0, set: setOf(list) }, { bit: 1, set: setOf(list) }]);
    // Beside the ranges a filter, which grows in powers of two.
    const taken = byteLengthOf(two) - empty - 1000 * bytes;
    assert.ok(taken > 1000 && taken <= 4000, `${taken}`);
  }
});

Deno.test("buildIndex refuses a list that its masks have no bit for", () => {
  const set = setOf([]);
  for (const bit of [-1, 7, 0.5]) {
    assert.throws(() => buildIndex([{ bit, set }]), { name: "RangeError" });
  }
});
