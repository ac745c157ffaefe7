import { filterShift, filterSlot, ipv4Key } from "./filter_slot.ts";
import { SINGLE } from "./threat_index.ts";

/** Bits for each key of a filter: one in sixteen addresses that are not listed passes it. */
const BITS_OF_KEY = 16;
/** The largest filter has 2 MiB. */
const MOST_BITS = 1 << 24;
/** With more keys than this even the largest one would let too much pass to be of use. */
const MOST_KEYS = 1 << 22;

/** Sorted ranges that cut an address family, as in `ThreatIndexData`, with whole words as starts. */
export interface FilteredRanges {
  readonly width: 1 | 4;
  readonly starts: Uint32Array;
  readonly masks: Uint8Array;
}

/**
 * Bits of which the one at {@link filterSlot} is set for each listed address. Almost no remote is
 * listed, and nearly all of those are told from this small table alone, whose size follows from how
 * much of the internet is listed. Lists that have too much of it get a filter that lets all pass.
 */
export function buildFilter(families: readonly FilteredRanges[]): Uint32Array<ArrayBuffer> {
  let keys = 0;
  for (const ranges of families) eachKeys(ranges, (first, last) => keys += last - first + 1);
  if (keys > MOST_KEYS) return Uint32Array.of(0xffff_ffff);
  let bits = 32;
  while (bits < Math.min(BITS_OF_KEY * keys, MOST_BITS)) bits *= 2;
  const filter = new Uint32Array(bits / 32);
  const shift = filterShift(filter);
  for (const ranges of families) {
    eachKeys(ranges, (first, last) => {
      for (let key = first; key <= last; key++) {
        const slot = filterSlot(key, shift);
        filter[slot >>> 5]! |= 1 << (slot & 31);
      }
    });
  }
  return filter;
}

/** Calls back with the first and the last key of each range that lists have. */
function eachKeys(
  { width, starts, masks }: FilteredRanges,
  take: (first: number, last: number) => void,
): void {
  for (let range = 0; range < masks.length; range++) {
    const mask = masks[range]!;
    if (mask === 0) continue;
    const start = starts[range * width]!;
    const last = mask >= SINGLE ? start : lastWord(width, starts, range);
    if (width === 1) take(ipv4Key(start), ipv4Key(last));
    else take(start, last);
  }
}

/** First word of the last address of a range. */
function lastWord(width: 1 | 4, starts: Uint32Array, range: number): number {
  const next = (range + 1) * width;
  if (next >= starts.length) return 0xffff_ffff;
  for (let word = 1; word < width; word++) if (starts[next + word] !== 0) return starts[next]!;
  return starts[next]! - 1;
}
