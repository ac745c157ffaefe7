import type { AddressHash } from "./address_hash.ts";
import {
  DST_PORT,
  ENTRY_ID,
  type Flow,
  ORIG_BYTES,
  ORIG_DST,
  ORIG_PACKETS,
  ORIG_SRC,
  REPLY_BYTES,
  REPLY_PACKETS,
} from "./flow.ts";
import { capacityFor, needsGrowth } from "./table_capacity.ts";

/** Intervals that a flow may be missing from, since a dump can miss one, before it is forgotten. */
const KEPT_INTERVALS = 2;
const GENERATIONS = 255;
/** How often flows that have ended are dropped, whether room is needed or not. */
const SWEEP_EVERY = 64;
const WORD = 2 ** 32;

/** What a flow's counters grew by since they were last seen. */
export interface Growth {
  origBytes: number;
  replyBytes: number;
  origPackets: number;
  replyPackets: number;
}

/**
 * The newest counters of each flow, by the kernel's id of the entry and a hash of its tuple: 33
 * bytes a slot. What is taken in an interval that was aborted stays taken: it was traffic.
 */
export class FlowCounters {
  readonly growth: Growth = { origBytes: 0, replyBytes: 0, origPackets: 0, replyPackets: 0 };
  readonly #hash: AddressHash;
  #generation = 1;
  #used = 0;
  #mask = 0;
  /** Id and hash of each slot. */
  #keys = new Uint32Array(0);
  /** Generation in which a slot was last seen; 0 is an empty slot. */
  #seen = new Uint8Array(0);
  #bytes = new Float64Array(0);
  /** Low words: no flow has 2^32 packets within an interval. */
  #packets = new Uint32Array(0);

  constructor(hash: AddressHash) {
    this.#hash = hash;
    this.#allocate(capacityFor(0));
  }

  /**
   * Takes in a flow's counters; {@link growth} then tells by how much they grew.
   *
   * @param isFollowed Whether the interval before would have had it: one that is new has carried all of it
   * since then. What else is new may be old, and has grown by nothing that is known.
   */
  take(flow: Flow, isFollowed: boolean): void {
    const id = flow[ENTRY_ID]!;
    const tag = (this.#hash.ofWords(flow, ORIG_SRC, 4) ^
      Math.imul(this.#hash.ofWords(flow, ORIG_DST, 4), 0x9e3779b1) ^ flow[DST_PORT]!) >>> 0;
    const slot = this.#find(id, tag);
    const bytes = this.#bytes;
    const packets = this.#packets;
    const growth = this.growth;
    const at = 2 * slot;
    const origBytes = flow[ORIG_BYTES]! * WORD + flow[ORIG_BYTES + 1]!;
    const replyBytes = flow[REPLY_BYTES]! * WORD + flow[REPLY_BYTES + 1]!;
    const origPackets = flow[ORIG_PACKETS + 1]!;
    const replyPackets = flow[REPLY_PACKETS + 1]!;
    if (!this.#isKept(this.#seen[slot]!)) {
      growth.origBytes = isFollowed ? origBytes : 0;
      growth.replyBytes = isFollowed ? replyBytes : 0;
      growth.origPackets = isFollowed ? origPackets : 0;
      growth.replyPackets = isFollowed ? replyPackets : 0;
    } else {
      const isReset = origBytes < bytes[at]! || replyBytes < bytes[at + 1]!;
      growth.origBytes = origBytes - (isReset ? 0 : bytes[at]!);
      growth.replyBytes = replyBytes - (isReset ? 0 : bytes[at + 1]!);
      growth.origPackets = (origPackets - (isReset ? 0 : packets[at]!)) >>> 0;
      growth.replyPackets = (replyPackets - (isReset ? 0 : packets[at + 1]!)) >>> 0;
    }
    bytes[at] = origBytes;
    bytes[at + 1] = replyBytes;
    packets[at] = origPackets;
    packets[at + 1] = replyPackets;
    const isAdded = this.#seen[slot] === 0;
    this.#seen[slot] = this.#generation;
    if (!isAdded) return;
    this.#keys[at] = id;
    this.#keys[at + 1] = tag;
    if (needsGrowth(++this.#used, this.#mask + 1)) this.#rebuild();
  }

  /** Ends an interval that was read to its end. */
  commit(): void {
    this.#generation = this.#generation % GENERATIONS + 1;
    // Before a generation that is long over looks like a recent one; it also ends a flood's memory.
    if (this.#generation % SWEEP_EVERY === 0) this.#rebuild();
  }

  /** Whether a flow of that generation may still be there; what comes after it is another one. */
  #isKept(generation: number): boolean {
    return generation !== 0 &&
      (this.#generation - generation + GENERATIONS) % GENERATIONS <= KEPT_INTERVALS;
  }

  #find(id: number, tag: number): number {
    const keys = this.#keys;
    const seen = this.#seen;
    let slot = (id ^ tag) & this.#mask;
    while (seen[slot] !== 0 && (keys[2 * slot] !== id || keys[2 * slot + 1] !== tag)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  /** Drops the flows that have ended, and makes room for as many as are left. */
  #rebuild(): void {
    const [keys, seen, bytes, packets] = [this.#keys, this.#seen, this.#bytes, this.#packets];
    let kept = 0;
    for (let slot = 0; slot < seen.length; slot++) if (this.#isKept(seen[slot]!)) kept++;
    // Twice as many may come before it is done again.
    this.#allocate(capacityFor(2 * kept));
    for (let from = 0; from < seen.length; from++) {
      if (!this.#isKept(seen[from]!)) continue;
      const to = this.#find(keys[2 * from]!, keys[2 * from + 1]!);
      this.#seen[to] = seen[from]!;
      for (let word = 0; word < 2; word++) {
        this.#keys[2 * to + word] = keys[2 * from + word]!;
        this.#bytes[2 * to + word] = bytes[2 * from + word]!;
        this.#packets[2 * to + word] = packets[2 * from + word]!;
      }
    }
    this.#used = kept;
  }

  #allocate(capacity: number): void {
    this.#mask = capacity - 1;
    this.#keys = new Uint32Array(2 * capacity);
    this.#seen = new Uint8Array(capacity);
    this.#bytes = new Float64Array(2 * capacity);
    this.#packets = new Uint32Array(2 * capacity);
  }
}
