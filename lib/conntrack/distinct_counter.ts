import { PairTable } from "./pair_table.ts";
import type { AddressHash } from "./address_hash.ts";

/** For each holding of an interval: how many different keys it had, and what the flows show of them. */
export class DistinctCounts {
  /** Different keys. */
  readonly unique: Uint32Array;
  /** Keys that the interval before did not have. */
  readonly fresh: Uint32Array;
  /** Most flows with one key. */
  readonly most: Uint32Array;

  constructor(holdings: number) {
    this.unique = new Uint32Array(holdings);
    this.fresh = new Uint32Array(holdings);
    this.most = new Uint32Array(holdings);
  }
}

/**
 * Tells how often a holding had a key, a remote address or a port, in this interval, and whether it
 * had it in the last one that was committed.
 */
export class DistinctCounter {
  #current: PairTable;
  #previous: PairTable;

  /** @param words of a key: 1 or 4. */
  constructor(hash: AddressHash, words: 1 | 4) {
    this.#current = new PairTable(hash, words);
    this.#previous = new PairTable(hash, words);
  }

  /** Memory of the two intervals in bytes. */
  get bytes(): number {
    return this.#current.bytes + this.#previous.bytes;
  }

  /** Begins an interval anew, with room for as much as the one before had. */
  begin(): void {
    this.#current.clear(this.#previous.size);
  }

  /**
   * Counts one flow.
   *
   * @param id of the holding, the same in every interval; `holding` is its number in this one.
   * @param keys an array that has the key's words from `from` on.
   */
  count(counts: DistinctCounts, holding: number, id: number, keys: Uint32Array, from: number) {
    const flows = this.#current.increment(id, keys, from);
    if (flows === 1) {
      counts.unique[holding]!++;
      if (!this.#previous.has(id, keys, from)) counts.fresh[holding]!++;
    }
    if (flows > counts.most[holding]!) counts.most[holding] = flows;
  }

  /** Makes this interval the one that the next is compared with. */
  commit(): void {
    [this.#current, this.#previous] = [this.#previous, this.#current];
  }
}
