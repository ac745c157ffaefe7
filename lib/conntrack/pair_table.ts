import type { AddressHash } from "./address_hash.ts";
import { capacityFor, needsGrowth } from "./table_capacity.ts";

/** Bit of a tally: the last interval that was committed had the pair. The count is above it. */
const KNOWN = 1;
/** Bit of a tally: the next interval shall not know the pair. */
const PASSED_OVER = 2;
const ONE_FLOW = 4;

/** Flows of the pair in this interval. */
export function countOf(tally: number): number {
  return tally >>> 2;
}

/** Whether the last committed interval had the pair. */
export function isKnown(tally: number): boolean {
  return (tally & KNOWN) !== 0;
}

/**
 * Counts pairs of an id and a key of one or four words, which the caller has in an array: the
 * remote addresses or the destination ports of each fixed IP. One table serves this interval and
 * the memory of the last one: open addressing with linear probing; a slot is the key's words, the
 * id, 0 in an empty one, and a tally: the count, and bits for what was and will be known. 12 bytes for
 * IPv4 and ports, 24 for IPv6.
 */
export class PairTable {
  readonly #hash: AddressHash;
  readonly #words: number;
  #slots: Uint32Array;
  #mask: number;
  /** Slots that are not empty; some may be of pairs that neither interval has. */
  #used = 0;
  /** Pairs of this interval that the last one did not have. */
  #fresh = 0;

  /** @param words of a key: 1 or 4. */
  constructor(hash: AddressHash, words: 1 | 4) {
    this.#hash = hash;
    this.#words = words;
    const capacity = capacityFor(0);
    this.#slots = new Uint32Array(capacity * (words + 2));
    this.#mask = capacity - 1;
  }

  /** Memory of the table in bytes. */
  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** Hash of a pair for the calls below. */
  hashOf(id: number, keys: Uint32Array, from: number): number {
    return this.#hash.ofWords(keys, from, this.#words) ^ this.#hash.ofId(id);
  }

  /** Reads where a pair begins to be looked for, so that it is in the processor's cache soon after. */
  touch(hash: number): number {
    return this.#slots[(hash & this.#mask) * (this.#words + 2)]!;
  }

  /**
   * Counts one flow of the id, which is not 0, with the key at a place of an array.
   *
   * @returns The pair's tally, see {@link countOf} and {@link isKnown}.
   */
  increment(hash: number, id: number, keys: Uint32Array, from: number): number {
    const at = this.#find(hash, id, keys, from);
    const slots = this.#slots;
    const words = this.#words;
    const tally = slots[at + words + 1]! + ONE_FLOW;
    slots[at + words + 1] = tally;
    if (tally === ONE_FLOW) {
      this.#fresh++;
      if (slots[at + words] === 0) {
        for (let word = 0; word < words; word++) slots[at + word] = keys[from + word]!;
        slots[at + words] = id;
        if (needsGrowth(++this.#used, this.#mask + 1)) this.#resize(2 * (this.#mask + 1));
      }
    }
    return tally;
  }

  /** Makes the next interval not know a pair of this one, which was counted. */
  passOver(hash: number, id: number, keys: Uint32Array, from: number): void {
    this.#slots[this.#find(hash, id, keys, from) + this.#words + 1]! |= PASSED_OVER;
  }

  /** Ends the interval: what it counted, and did not pass over, is what the next one knows. */
  commit(): void {
    this.#settle((tally) => countOf(tally) > 0 && (tally & PASSED_OVER) === 0 ? KNOWN : 0);
  }

  /** Ends the interval as if it had not been: the next one knows what this one knew. */
  abort(): void {
    this.#settle((tally) => tally & KNOWN);
  }

  #settle(next: (tally: number) => number): void {
    const slots = this.#slots;
    const size = this.#words + 2;
    let known = 0;
    for (let at = size - 1; at < slots.length; at += size) {
      const tally = slots[at]!;
      if (tally === 0) continue;
      slots[at] = next(tally);
      if (slots[at] !== 0) known++;
    }
    // Room for as many new pairs as this interval had, without growing in the midst of the next.
    const capacity = capacityFor(known + this.#fresh, this.#mask + 1);
    this.#fresh = 0;
    const dead = this.#used - known;
    if (capacity !== this.#mask + 1) this.#resize(capacity);
    else if (dead > known / 4) this.#sweep();
  }

  /** Start of the pair's slot, or of the empty one where it belongs. */
  #find(hash: number, id: number, keys: Uint32Array, from: number): number {
    const slots = this.#slots;
    const words = this.#words;
    const mask = this.#mask;
    let slot = hash & mask;
    while (true) {
      const at = slot * (words + 2);
      if (slots[at + words] === 0) return at;
      if (slots[at + words] === id && sameWords(slots, at, keys, from, words)) return at;
      slot = (slot + 1) & mask;
    }
  }

  /** Moves the pairs of either interval to a table of another size. */
  #resize(capacity: number): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(capacity * (this.#words + 2));
    this.#mask = capacity - 1;
    this.#used = 0;
    for (let at = 0; at < old.length; at += this.#words + 2) this.#move(old, at);
  }

  /**
   * Drops dead pairs in place: from an empty slot on, each pair is taken out and put back, which
   * moves it no further than the slot that it left.
   */
  #sweep(): void {
    const slots = this.#slots;
    const size = this.#words + 2;
    const capacity = this.#mask + 1;
    const pair = new Uint32Array(size);
    let start = 0;
    while (slots[start * size + this.#words] !== 0) start++;
    this.#used = 0;
    for (let step = 1; step < capacity; step++) {
      const at = ((start + step) & this.#mask) * size;
      if (slots[at + this.#words] === 0) continue;
      for (let word = 0; word < size; word++) pair[word] = slots[at + word]!;
      slots.fill(0, at, at + size);
      this.#move(pair, 0);
    }
  }

  /** Puts a pair of another array into this table, unless it is dead. */
  #move(from: Uint32Array, at: number): void {
    const words = this.#words;
    if (from[at + words + 1] === 0) return;
    const id = from[at + words]!;
    const to = this.#find(this.hashOf(id, from, at), id, from, at);
    for (let word = 0; word < words + 2; word++) this.#slots[to + word] = from[at + word]!;
    this.#used++;
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
