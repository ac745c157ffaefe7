import type { PrefixTable } from "./prefix_set.ts";

const RADIX = 1 << 16;

/**
 * The positions of the first `count` prefixes in ascending order of first address, of equal ones the
 * wider first. A radix sort: a million prefixes take a few passes over flat memory, where comparing
 * them would call a function twenty million times.
 */
export function sortPrefixes(table: PrefixTable, count: number): Uint32Array {
  const { width, starts, bits } = table;
  let order = new Uint32Array(count);
  for (let at = 0; at < count; at++) order[at] = at;
  let other = new Uint32Array(count);
  const offsets = new Uint32Array(RADIX + 1);
  const pass = (digitOf: (at: number) => number) => {
    offsets.fill(0);
    for (let at = 0; at < count; at++) offsets[digitOf(at) + 1]!++;
    // All the same: nothing to sort by.
    if (count > 0 && offsets[digitOf(0) + 1] === count) return;
    for (let digit = 0; digit < RADIX; digit++) offsets[digit + 1]! += offsets[digit]!;
    for (let place = 0; place < count; place++) {
      const at = order[place]!;
      other[offsets[digitOf(at)]!++] = at;
    }
    [order, other] = [other, order];
  };
  pass((at) => bits[at]!);
  for (let word = width - 1; word >= 0; word--) {
    pass((at) => starts[at * width + word]! & 0xffff);
    pass((at) => starts[at * width + word]! >>> 16);
  }
  return order;
}
