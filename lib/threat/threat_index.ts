import { IPV4_MAPPED_WORD } from "../address/ip_address.ts";

/** Highest bit of a mask: only the first address of the range has the lists of the mask. */
export const SINGLE = 0x80;

/** Most lists that a mask has room for beside {@linkcode SINGLE}. */
export const MOST_LISTS = 7;

/**
 * Both tables cut the whole of an address family into ranges: each begins at its start and ends
 * before the next one's. The first range of each begins at address 0.
 */
export interface ThreatIndexData {
  readonly ipv4: {
    /** For each value of an address's upper half, the number of its first range; 65537 of them. */
    readonly offsets: Uint32Array<ArrayBuffer>;
    /** Lower half of the first address of each range. */
    readonly starts: Uint16Array<ArrayBuffer>;
    /** Lists of each range, one bit each, perhaps with {@linkcode SINGLE}. */
    readonly masks: Uint8Array<ArrayBuffer>;
  };
  readonly ipv6: {
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
  readonly #starts6: Uint32Array;
  readonly #masks6: Uint8Array;

  /** @param data Is not copied: it must not change any more. */
  constructor(data: ThreatIndexData) {
    this.#offsets = data.ipv4.offsets;
    this.#starts = data.ipv4.starts;
    this.#masks = data.ipv4.masks;
    this.#starts6 = data.ipv6.starts;
    this.#masks6 = data.ipv6.masks;
  }

  /**
   * The lists that have the address whose four words stand at a place of a record, one bit each in
   * the order of `THREAT_LISTS`; 0 where no list has it.
   */
  find(words: Uint32Array, at: number): number {
    return words[at + 2] === IPV4_MAPPED_WORD && words[at + 1] === 0 && words[at] === 0
      ? this.#findIpv4(words[at + 3]!)
      : this.#findIpv6(words, at);
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
    let low = 0;
    let high = this.#masks6.length - 1;
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
export function transferablesOf({ ipv4, ipv6 }: ThreatIndexData): ArrayBuffer[] {
  return [ipv4.offsets, ipv4.starts, ipv4.masks, ipv6.starts, ipv6.masks].map((array) =>
    array.buffer
  );
}

/** Bytes that an index takes. */
export function byteLengthOf(data: ThreatIndexData): number {
  return transferablesOf(data).reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

function compareWords(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number): number {
  for (let word = 0; word < 4; word++) {
    const difference = a[aAt + word]! - b[bAt + word]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
