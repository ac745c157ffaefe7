import { sortPrefixes } from "./sort_prefixes.ts";

/** Different prefixes of one address family, sorted by first address, the wider one first. */
export interface PrefixTable {
  /** Words of an address: 1 for IPv4, 4 for IPv6. */
  readonly width: 1 | 4;
  /** First address of each prefix, `width` words each. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Length of each prefix in bits. */
  readonly bits: Uint8Array<ArrayBuffer>;
}

/** The entries of a list: different addresses and prefixes. */
export interface PrefixSet {
  readonly ipv4: PrefixTable;
  readonly ipv6: PrefixTable;
}

/** Number of different addresses and prefixes. */
export function entriesOf({ ipv4, ipv6 }: PrefixSet): number {
  return ipv4.bits.length + ipv6.bits.length;
}

/** Whether two sets have the same prefixes. */
export function sameSet(a: PrefixSet, b: PrefixSet): boolean {
  return sameTable(a.ipv4, b.ipv4) && sameTable(a.ipv6, b.ipv6);
}

/** The prefixes that are in any of the sets. */
export function unionOf(sets: readonly PrefixSet[]): PrefixSet {
  const [first] = sets;
  if (first !== undefined && sets.length === 1) return first;
  const builder = new PrefixSetBuilder();
  for (const set of sets) {
    for (const { width, starts, bits } of [set.ipv4, set.ipv6]) {
      bits.forEach((length, at) => builder.add(width, starts, at * width, length));
    }
  }
  return builder.build();
}

/** Takes prefixes in any order, repeated ones too, and gives them as a set. */
export class PrefixSetBuilder {
  readonly #ipv4 = new GrowingTable(1);
  readonly #ipv6 = new GrowingTable(4);

  /**
   * Adds the prefix whose first address stands at a place of an array.
   *
   * @param width Words of the address: 1 for IPv4, 4 for IPv6.
   * @param length Bits of the prefix; the bits of the address beyond them count as 0.
   */
  add(width: 1 | 4, words: Uint32Array, at: number, length: number): void {
    (width === 1 ? this.#ipv4 : this.#ipv6).add(words, at, length);
  }

  /** What was added so far, in memory of its own. */
  build(): PrefixSet {
    return { ipv4: this.#ipv4.build(), ipv6: this.#ipv6.build() };
  }
}

class GrowingTable {
  readonly #width: 1 | 4;
  #count = 0;
  #starts: Uint32Array<ArrayBuffer>;
  #bits: Uint8Array<ArrayBuffer>;

  constructor(width: 1 | 4) {
    this.#width = width;
    this.#starts = new Uint32Array(64 * width);
    this.#bits = new Uint8Array(64);
  }

  add(words: Uint32Array, at: number, length: number): void {
    if (this.#count === this.#bits.length) this.#grow();
    const width = this.#width;
    for (let word = 0; word < width; word++) {
      this.#starts[this.#count * width + word] = words[at + word]! & netmask(length - 32 * word);
    }
    this.#bits[this.#count++] = length;
  }

  build(): PrefixTable {
    const width = this.#width;
    const order = sortPrefixes({ width, starts: this.#starts, bits: this.#bits }, this.#count);
    const starts = new Uint32Array(this.#count * width);
    const bits = new Uint8Array(this.#count);
    let count = 0;
    for (let place = 0; place < order.length; place++) {
      const at = order[place]!;
      for (let word = 0; word < width; word++) {
        starts[count * width + word] = this.#starts[at * width + word]!;
      }
      bits[count] = this.#bits[at]!;
      if (count === 0 || !sameAsBefore(width, starts, bits, count)) count++;
    }
    if (count === bits.length) return { width, starts, bits };
    return { width, starts: starts.slice(0, count * width), bits: bits.slice(0, count) };
  }

  #grow(): void {
    const starts = new Uint32Array(2 * this.#starts.length);
    const bits = new Uint8Array(2 * this.#bits.length);
    starts.set(this.#starts);
    bits.set(this.#bits);
    this.#starts = starts;
    this.#bits = bits;
  }
}

/** A word whose upper `length` bits are set; none below 0, all from 32 on. */
export function netmask(length: number): number {
  if (length <= 0) return 0;
  return length >= 32 ? 0xffff_ffff : (0xffff_ffff << (32 - length)) >>> 0;
}

function sameAsBefore(width: number, starts: Uint32Array, bits: Uint8Array, at: number): boolean {
  if (bits[at] !== bits[at - 1]) return false;
  for (let word = at * width; word < (at + 1) * width; word++) {
    if (starts[word] !== starts[word - width]) return false;
  }
  return true;
}

function sameTable(a: PrefixTable, b: PrefixTable): boolean {
  return a.bits.length === b.bits.length &&
    a.bits.every((length, at) => length === b.bits[at]) &&
    a.starts.every((word, at) => word === b.starts[at]);
}
