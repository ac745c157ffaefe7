/** Key of an IPv4 address, its one word. */
export function ipv4Key(word: number): number {
  return word >>> 8;
}

/** How far {@link filterSlot} shifts for a filter. */
export function filterShift(filter: Uint32Array): number {
  // A hash has 32 bits; as many of them are left as number the filter's.
  return Math.clz32(filter.length) - 4;
}

/** Number of the bit of a key: that of an IPv4 address, or the first word of an IPv6 one. */
export function filterSlot(key: number, shift: number): number {
  return Math.imul(key, 0x9e37_79b1) >>> shift;
}
