import { netmask, type PrefixSet, type PrefixTable } from "./prefix_set.ts";
import { buildFilter } from "./range_filter.ts";
import { MOST_LISTS, SINGLE, type ThreatIndexData } from "./threat_index.ts";

const HALVES = 1 << 16;

/** The entries of one list, and the number of its bit. */
export interface IndexedList {
  readonly bit: number;
  readonly set: PrefixSet;
}

/**
 * Puts all lists into one structure.
 *
 * @throws {RangeError} If a bit is outside 0 to 6.
 */
export function buildIndex(lists: readonly IndexedList[]): ThreatIndexData {
  const bad = lists.find(({ bit }) => !Number.isInteger(bit) || bit < 0 || bit >= MOST_LISTS);
  if (bad !== undefined) throw new RangeError(`Cannot index list ${bad.bit}: a mask has 7 bits`);
  const ipv4 = rangesOf(1, lists.map(({ bit, set }) => ({ bit, table: set.ipv4 })));
  const ipv6 = rangesOf(4, lists.map(({ bit, set }) => ({ bit, table: set.ipv6 })));
  return {
    filter: buildFilter([{ width: 1, ...ipv4 }, { width: 4, ...ipv6 }]),
    ipv4: {
      // The upper half of an address leads to its ranges, so these keep the lower half only.
      offsets: offsetsOf(1, ipv4.starts),
      starts: lowerHalves(ipv4.starts),
      masks: ipv4.masks,
    },
    ipv6: { offsets: offsetsOf(4, ipv6.starts), ...ipv6 },
  };
}

interface Ranges {
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly masks: Uint8Array<ArrayBuffer>;
}

interface BitTable {
  readonly bit: number;
  readonly table: PrefixTable;
}

/**
 * Two prefixes are apart or one is inside the other, so one walk over all of them in order, with a
 * stack of those that are open, meets every border between ranges once.
 */
function rangesOf(width: 1 | 4, lists: readonly BitTable[]): Ranges {
  const prefixes = lists.reduce((sum, { table }) => sum + table.bits.length, 0);
  const writer = new RangeWriter(width, prefixes + 1);
  const open: OpenPrefix[] = [];
  const at = lists.map(() => 0);
  const closeUpTo = (table: PrefixTable | undefined, prefix: number) => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (table !== undefined && covers(top, table, prefix)) return;
      open.pop();
      const outer = open.at(-1);
      // The same prefix on another list: both end together, and the outer one says how.
      if (outer !== undefined && lengthOf(outer) === lengthOf(top)) continue;
      writer.writeAfter(top, outer?.mask ?? 0);
    }
  };
  for (let from = lowest(lists, at); from >= 0; from = lowest(lists, at)) {
    const { bit, table } = lists[from]!;
    const prefix = at[from]!++;
    closeUpTo(table, prefix);
    const mask = (open.at(-1)?.mask ?? 0) | (1 << bit);
    open.push({ table, prefix, mask });
    writer.write(table.starts, prefix * width, mask);
  }
  closeUpTo(undefined, 0);
  return writer.finish();
}

interface OpenPrefix {
  readonly table: PrefixTable;
  readonly prefix: number;
  readonly mask: number;
}

function lengthOf({ table, prefix }: OpenPrefix): number {
  return table.bits[prefix]!;
}

/** The list whose next prefix comes first, the wider one of two that begin alike; -1 at the end. */
function lowest(lists: readonly BitTable[], at: readonly number[]): number {
  let best = -1;
  for (let list = 0; list < lists.length; list++) {
    const { table } = lists[list]!;
    if (at[list]! >= table.bits.length) continue;
    if (best < 0 || isBefore(table, at[list]!, lists[best]!.table, at[best]!)) best = list;
  }
  return best;
}

function isBefore(a: PrefixTable, aAt: number, b: PrefixTable, bAt: number): boolean {
  const { width } = a;
  for (let word = 0; word < width; word++) {
    const difference = a.starts[aAt * width + word]! - b.starts[bAt * width + word]!;
    if (difference !== 0) return difference < 0;
  }
  return a.bits[aAt]! < b.bits[bAt]!;
}

function covers(outer: OpenPrefix, table: PrefixTable, prefix: number): boolean {
  const { width } = table;
  const length = outer.table.bits[outer.prefix]!;
  for (let word = 0; word < width; word++) {
    const difference = outer.table.starts[outer.prefix * width + word]! ^
      table.starts[prefix * width + word]!;
    if ((difference & netmask(length - 32 * word)) !== 0) return false;
  }
  return true;
}

/** Takes the borders between ranges in ascending order; the newest one at an address counts. */
class RangeWriter {
  readonly #width: 1 | 4;
  #starts: Uint32Array<ArrayBuffer>;
  #masks: Uint8Array<ArrayBuffer>;
  readonly #next: Uint32Array;
  /** The newest range; the first one begins at address 0 and has no list until one says so. */
  #newest = 0;

  /** @param expected How many ranges it makes room for at first: lone addresses take one each. */
  constructor(width: 1 | 4, expected: number) {
    this.#width = width;
    this.#starts = new Uint32Array(width * expected);
    this.#masks = new Uint8Array(expected);
    this.#next = new Uint32Array(width);
  }

  /** From the address at a place of an array on, the mask holds. */
  write(words: Uint32Array, at: number, mask: number): void {
    if (!this.#beginsAt(words, at)) {
      const newest = this.#masks[this.#newest]!;
      if (mask === (newest < SINGLE ? newest : 0)) return;
      if (++this.#newest === this.#masks.length) this.#grow();
      for (let word = 0; word < this.#width; word++) {
        this.#starts[this.#newest * this.#width + word] = words[at + word]!;
      }
    }
    this.#masks[this.#newest] = mask;
  }

  /** From the end of a prefix on, the mask holds. */
  writeAfter({ table: { starts, bits }, prefix }: OpenPrefix, mask: number): void {
    const width = this.#width;
    const length = bits[prefix]!;
    if (mask === 0 && length === 32 * width && this.#beginsAt(starts, prefix * width)) {
      this.#masks[this.#newest]! |= SINGLE;
      return;
    }
    let carry = 1;
    for (let word = width - 1; word >= 0; word--) {
      const last = (starts[prefix * width + word]! | ~netmask(length - 32 * word)) >>> 0;
      const sum = last + carry;
      this.#next[word] = sum;
      carry = sum > 0xffff_ffff ? 1 : 0;
    }
    // Nothing comes after the last address of all.
    if (carry === 0) this.write(this.#next, 0, mask);
  }

  finish(): Ranges {
    const count = this.#newest + 1;
    if (count === this.#masks.length) return { starts: this.#starts, masks: this.#masks };
    return {
      starts: this.#starts.slice(0, count * this.#width),
      masks: this.#masks.slice(0, count),
    };
  }

  #grow(): void {
    const room = this.#masks.length + (this.#masks.length >>> 2) + 64;
    const starts = new Uint32Array(room * this.#width);
    const masks = new Uint8Array(room);
    starts.set(this.#starts);
    masks.set(this.#masks);
    this.#starts = starts;
    this.#masks = masks;
  }

  #beginsAt(words: Uint32Array, at: number): boolean {
    const from = this.#newest * this.#width;
    for (let word = 0; word < this.#width; word++) {
      if (this.#starts[from + word] !== words[at + word]) return false;
    }
    return true;
  }
}

/** For each upper half of a first word the number of its first range, and at the end that of all. */
function offsetsOf(width: 1 | 4, starts: Uint32Array): Uint32Array<ArrayBuffer> {
  const offsets = new Uint32Array(HALVES + 1);
  for (let at = 0; at < starts.length; at += width) offsets[(starts[at]! >>> 16) + 1]!++;
  for (let half = 0; half < HALVES; half++) offsets[half + 1]! += offsets[half]!;
  return offsets;
}

function lowerHalves(words: Uint32Array): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(words.length);
  for (let at = 0; at < words.length; at++) halves[at] = words[at]! & 0xffff;
  return halves;
}
