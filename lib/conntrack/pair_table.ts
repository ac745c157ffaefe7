import type { AddressHash } from "./address_hash.ts";
import { capacityFor, needsGrowth } from "./table_capacity.ts";

/**
 * Counts pairs of an id and a key of one or four words, which the caller has in an array: the
 * remote addresses or the destination ports of each fixed IP. Open addressing with linear probing;
 * a slot is the key's words, the id and the count, where 0 marks an empty slot: 12 bytes for IPv4
 * and ports, 24 for IPv6. Pairs leave all at once.
 */
export class PairTable {
  readonly #hash: AddressHash;
  readonly #words: number;
  #slots: Uint32Array;
  #mask: number;
  #size = 0;

  /** @param words of a key: 1 or 4. */
  constructor(hash: AddressHash, words: 1 | 4) {
    this.#hash = hash;
    this.#words = words;
    const capacity = capacityFor(0);
    this.#slots = new Uint32Array(capacity * (words + 2));
    this.#mask = capacity - 1;
  }

  /** Number of different pairs. */
  get size(): number {
    return this.#size;
  }

  /** Memory of the table in bytes. */
  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** Hash of a pair for the calls below: the same in every table that shares the `AddressHash`. */
  hashOf(id: number, keys: Uint32Array, from: number): number {
    return this.#hash.ofWords(keys, from, this.#words) ^ this.#hash.ofId(id);
  }

  /** Reads where a pair begins to be looked for, so that it is in the processor's cache soon after. */
  touch(hash: number): number {
    return this.#slots[(hash & this.#mask) * (this.#words + 2)]!;
  }

  /** Adds one to the count, which it returns, of the id with the key at a place of an array. */
  increment(hash: number, id: number, keys: Uint32Array, from: number): number {
    const at = this.#find(hash, id, keys, from);
    const slots = this.#slots;
    const words = this.#words;
    const count = slots[at + words + 1]! + 1;
    slots[at + words + 1] = count;
    if (count === 1) {
      for (let word = 0; word < words; word++) slots[at + word] = keys[from + word]!;
      slots[at + words] = id;
      this.#size++;
      if (needsGrowth(this.#size, this.#mask + 1)) this.#grow();
    }
    return count;
  }

  /** Whether the pair has been counted. */
  has(hash: number, id: number, keys: Uint32Array, from: number): boolean {
    return this.#slots[this.#find(hash, id, keys, from) + this.#words + 1] !== 0;
  }

  /** Empties the table and gives it room for the pairs that are expected, and not for many more. */
  clear(expected: number): void {
    const capacity = capacityFor(expected, this.#mask + 1);
    this.#size = 0;
    if (capacity === this.#mask + 1) {
      this.#slots.fill(0);
    } else {
      this.#slots = new Uint32Array(capacity * (this.#words + 2));
      this.#mask = capacity - 1;
    }
  }

  /** Start of the pair's slot, or of the empty one where it belongs. */
  #find(hash: number, id: number, keys: Uint32Array, from: number): number {
    const slots = this.#slots;
    const words = this.#words;
    const mask = this.#mask;
    let slot = hash & mask;
    while (true) {
      const at = slot * (words + 2);
      if (slots[at + words + 1] === 0) return at;
      if (slots[at + words] === id && sameWords(slots, at, keys, from, words)) return at;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    const words = this.#words;
    this.#slots = new Uint32Array(2 * old.length);
    this.#mask = 2 * this.#mask + 1;
    for (let at = 0; at < old.length; at += words + 2) {
      if (old[at + words + 1] === 0) continue;
      const id = old[at + words]!;
      const to = this.#find(this.hashOf(id, old, at), id, old, at);
      for (let word = 0; word < words + 2; word++) this.#slots[to + word] = old[at + word]!;
    }
  }
}

function sameWords(
  left: Uint32Array,
  leftAt: number,
  right: Uint32Array,
  rightAt: number,
  count: number,
): boolean {
  for (let word = 0; word < count; word++) {
    if (left[leftAt + word] !== right[rightAt + word]) return false;
  }
  return true;
}
