import type { AddressHash } from "./address_hash.ts";
import { countOf, isKnown, PairTable } from "./pair_table.ts";

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

/** Flows that wait to be counted together, see {@link DistinctCounter}. */
const BATCH = 128;

/**
 * Tells how often a holding had a key, a remote address or a port, in this interval, and whether it
 * had it in the last one that was committed.
 *
 * The table is larger than the processor's caches, and waiting for memory would be most of the
 * work. So flows are counted in batches: their slots are first all read, which the processor does
 * side by side, and then found in the cache.
 */
export class DistinctCounter {
  readonly #words: number;
  readonly #table: PairTable;
  #counts = new DistinctCounts(0);
  /** For each flow that waits: the key's words, the id, the holding, the hash. One word is spare. */
  readonly #batch: Uint32Array;
  #waiting = 0;

  /** @param words of a key: 1 or 4. */
  constructor(hash: AddressHash, words: 1 | 4) {
    this.#words = words;
    this.#table = new PairTable(hash, words);
    this.#batch = new Uint32Array(BATCH * (words + 3) + 1);
  }

  /** Begins an interval, which fills these counts. */
  begin(counts: DistinctCounts): void {
    this.#counts = counts;
  }

  /**
   * Counts one flow.
   *
   * @param id of the holding, the same in every interval; `holding` is its number in this one.
   * @param keys an array that has the key's words from `from` on.
   */
  count(holding: number, id: number, keys: Uint32Array, from: number): void {
    const batch = this.#batch;
    const words = this.#words;
    const at = this.#waiting++ * (words + 3);
    for (let word = 0; word < words; word++) batch[at + word] = keys[from + word]!;
    batch[at + words] = id;
    batch[at + words + 1] = holding;
    batch[at + words + 2] = this.#table.hashOf(id, keys, from);
    if (this.#waiting === BATCH) this.#countBatch();
  }

  /** Makes this interval the one that the next is compared with; its counts are complete now. */
  commit(): void {
    this.#countBatch();
    this.#table.commit();
  }

  /** Forgets this interval: the next one is compared with what this one was compared with. */
  abort(): void {
    this.#waiting = 0;
    this.#table.abort();
  }

  #countBatch(): void {
    const { unique, fresh, most } = this.#counts;
    const batch = this.#batch;
    const words = this.#words;
    const table = this.#table;
    const size = words + 3;
    const end = this.#waiting * size;
    let touched = 0;
    for (let at = 0; at < end; at += size) {
      touched ^= table.touch(batch[at + words + 2]!);
    }
    // Kept, or the compiler would drop the reads.
    batch[BATCH * size] = touched;
    for (let at = 0; at < end; at += size) {
      const id = batch[at + words]!;
      const holding = batch[at + words + 1]!;
      const hash = batch[at + words + 2]!;
      const tally = table.increment(hash, id, batch, at);
      const flows = countOf(tally);
      if (flows === 1) {
        unique[holding]!++;
        if (!isKnown(tally)) fresh[holding]!++;
      }
      if (flows > most[holding]!) most[holding] = flows;
    }
    this.#waiting = 0;
  }
}
