import { IPV4_MAPPED_WORD } from "../address/ip_address.ts";
import { filterShift, filterSlot, ipv4Key } from "./filter_slot.ts";

/** Highest bit of a mask: only the first address of the range has the lists of the mask. */
export const SINGLE = 0x80;

/** Most lists that a mask has room for beside {@linkcode SINGLE}. */
export const MOST_LISTS = 7;

/**
 * Both tables cut the whole of an address family into ranges: each begins at its start and ends
 * before the next one's. The first range of each begins at address 0.
 */
export interface ThreatIndexData {
  /** What nearly every address that is on no list is told by: see `buildFilter`. */
  readonly filter: Uint32Array<ArrayBuffer>;
  readonly ipv4: {
    /** For each value of an address's upper half, the number of its first range; 65537 of them. */
    readonly offsets: Uint32Array<ArrayBuffer>;
    /** Lower half of the first address of each range. */
    readonly starts: Uint16Array<ArrayBuffer>;
    /** Lists of each range, one bit each, perhaps with {@linkcode SINGLE}. */
    readonly masks: Uint8Array<ArrayBuffer>;
  };
  readonly ipv6: {
    /** The same by the upper half of an address's first word. */
    readonly offsets: Uint32Array<ArrayBuffer>;
    /** Four words for the first address of each range. */
    readonly starts: Uint32Array<ArrayBuffer>;
    readonly masks: Uint8Array<ArrayBuffer>;
  };
}

/** Addresses to the lists that have them: all enabled lists in one structure, one look-up for all. */
export class ThreatIndex {
  readonly #offsets: Uint32Array;
  readonly #starts: Uint16Array;
  readonly #masks: Uint8Array;
  readonly #offsets6: Uint32Array;
  readonly #starts6: Uint32Array;
  readonly #masks6: Uint8Array;
  readonly #filter: Uint32Array;
  readonly #shift: number;

  /** @param data Is not copied: it must not change any more. */
  constructor(data: ThreatIndexData) {
    this.#filter = data.filter;
    this.#shift = filterShift(data.filter);
    this.#offsets = data.ipv4.offsets;
    this.#starts = data.ipv4.starts;
    this.#masks = data.ipv4.masks;
    this.#offsets6 = data.ipv6.offsets;
    this.#starts6 = data.ipv6.starts;
    this.#masks6 = data.ipv6.masks;
  }

  /**
   * Looks `count` addresses up at once, of which each begins `stride` words after the one before.
   *
   * The tables may be larger than the processor's caches, and waiting for memory would be most of the
   * work. So all addresses are filtered first, which the processor does side by side, and only those
   * that pass are searched for.
   *
   * @param lists gets the answer of {@link find} for each.
   */
  findAll(words: Uint32Array, stride: number, count: number, lists: Uint8Array): void {
    const filter = this.#filter;
    const shift = this.#shift;
    for (let each = 0, at = 0; each < count; each++, at += stride) {
      const slot = filterSlot(isIpv4(words, at) ? ipv4Key(words[at + 3]!) : words[at]!, shift);
      lists[each] = (filter[slot >>> 5]! >>> (slot & 31)) & 1;
    }
    for (let each = 0; each < count; each++) {
      if (lists[each] !== 0) lists[each] = this.find(words, each * stride);
    }
  }

  /**
   * The lists that have the address whose four words stand at a place of a record, one bit each in
   * the order of `THREAT_LISTS`; 0 where no list has it.
   */
  find(words: Uint32Array, at: number): number {
    return isIpv4(words, at) ? this.#findIpv4(words[at + 3]!) : this.#findIpv6(words, at);
  }

  #findIpv4(address: number): number {
    const upper = address >>> 16;
    const lower = address & 0xffff;
    const starts = this.#starts;
    // The range sought is the last one that begins at or before the address. It may have begun
    // under an earlier upper half: then it is the one before this half's first.
    const first = this.#offsets[upper]!;
    let low = first - 1;
    let high = this.#offsets[upper + 1]! - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (starts[middle]! <= lower) low = middle;
      else high = middle - 1;
    }
    const mask = this.#masks[low]!;
    if (mask < SINGLE) return mask;
    return low >= first && starts[low] === lower ? mask & ~SINGLE : 0;
  }

  #findIpv6(words: Uint32Array, at: number): number {
    const starts = this.#starts6;
    const upper = words[at]! >>> 16;
    let low = this.#offsets6[upper]! - 1;
    let high = this.#offsets6[upper + 1]! - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (compareWords(starts, 4 * middle, words, at) <= 0) low = middle;
      else high = middle - 1;
    }
    const mask = this.#masks6[low]!;
    if (mask < SINGLE) return mask;
    return compareWords(starts, 4 * low, words, at) === 0 ? mask & ~SINGLE : 0;
  }
}

/** The memory of an index that a message can move to another thread. */
export function transferablesOf({ filter, ipv4, ipv6 }: ThreatIndexData): ArrayBuffer[] {
  return [filter, ipv4.offsets, ipv4.starts, ipv4.masks, ipv6.offsets, ipv6.starts, ipv6.masks].map(
    (
      array,
    ) => array.buffer,
  );
}

/** Bytes that an index takes. */
export function byteLengthOf(data: ThreatIndexData): number {
  return transferablesOf(data).reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

function isIpv4(words: Uint32Array, at: number): boolean {
  return words[at + 2] === IPV4_MAPPED_WORD && words[at + 1] === 0 && words[at] === 0;
}

function compareWords(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number): number {
  for (let word = 0; word < 4; word++) {
    const difference = a[aAt + word]! - b[bAt + word]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
