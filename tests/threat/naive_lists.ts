import fc from "fast-check";
import { PrefixSetBuilder } from "../../lib/threat/prefix_set.ts";
import type { PrefixSet } from "../../lib/threat/prefix_set.ts";

/** A prefix as one number of 32 or 128 bits, the plainest form there is. */
export interface NaivePrefix {
  readonly width: 1 | 4;
  readonly address: bigint;
  readonly length: number;
}

/** Words of a number of 32 or 128 bits. */
export function wordsOf(address: bigint, width: 1 | 4): Uint32Array {
  return Uint32Array.from(
    { length: width },
    (_, word) => Number((address >> BigInt(32 * (width - 1 - word))) & 0xffff_ffffn),
  );
}

/** Four words of an address, IPv4 as IPv4-mapped. */
export function recordOf(address: bigint, width: 1 | 4): Uint32Array {
  return wordsOf(width === 1 ? 0xffff_0000_0000n | address : address, 4);
}

export function contains({ width, address, length }: NaivePrefix, other: bigint): boolean {
  const shift = BigInt(32 * width - length);
  return address >> shift === other >> shift;
}

export function setOf(prefixes: readonly NaivePrefix[]): PrefixSet {
  const builder = new PrefixSetBuilder();
  for (const { width, address, length } of prefixes) {
    builder.add(width, wordsOf(address, width), 0, length);
  }
  return builder.build();
}

/** Addresses near each other and near the ends of the family, so that prefixes nest and touch. */
export function addresses(width: 1 | 4): fc.Arbitrary<bigint> {
  const top = (1n << BigInt(32 * width)) - 1n;
  return fc.oneof(
    fc.bigInt({ min: 0n, max: top }),
    fc.bigInt({ min: 0n, max: 40n }),
    fc.bigInt({ min: top - 40n, max: top }),
    fc.tuple(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 0n, max: 5n })).map(
      ([upper, lower]) => ((10n << 24n) + (upper << 16n) + (upper === 0n ? 0n : 65_533n) + lower),
    ),
  );
}

export function prefixes(width: 1 | 4): fc.Arbitrary<NaivePrefix> {
  return fc.record({
    width: fc.constant(width),
    address: addresses(width),
    length: fc.oneof(fc.constant(32 * width), fc.integer({ min: 1, max: 32 * width })),
  });
}
