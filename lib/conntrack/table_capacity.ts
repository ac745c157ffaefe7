/** Slots of the smallest table. */
const SMALLEST = 256;

/** Whether a table is too full for short probes: above 5/8. */
export function needsGrowth(size: number, capacity: number): boolean {
  return size * 8 > capacity * 5;
}

/**
 * Slots, a power of two, of a table that is about to be filled again with `expected` keys.
 *
 * @param current slots it has: kept while they suffice and half of them would be more than half full,
 * so that a table neither shrinks and grows in turn nor keeps the memory of one busy interval.
 */
export function capacityFor(expected: number, current = SMALLEST): number {
  let capacity = current;
  while (needsGrowth(expected, capacity)) capacity *= 2;
  while (capacity > SMALLEST && expected * 4 <= capacity) capacity /= 2;
  return capacity;
}
