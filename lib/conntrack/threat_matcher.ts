import { fromWords, type IpAddress } from "../address/ip_address.ts";
import type { Direction } from "../config/direction.ts";
import type { AddressHash } from "./address_hash.ts";
import { NONE } from "./address_places.ts";
import { FixedIpIndex } from "./fixed_ip_index.ts";
import {
  DST_PORT,
  type Flow,
  ORIG_DST,
  ORIG_SRC,
  PROTOCOL,
  REPLY_SRC,
  sameAddress,
} from "./flow.ts";
import type { ContactCounts, FixedIpOwner, FreshContact, ThreatContacts } from "./flow_summary.ts";
import { countOf, isKnown, PairTable } from "./pair_table.ts";

/** The addresses of all lists together. */
export interface ListedAddresses {
  /**
   * Looks up `count` addresses, of which each begins `stride` words after the one before; `lists`
   * gets one bit for each list that has it.
   */
  findAll(words: Uint32Array, stride: number, count: number, lists: Uint8Array): void;
}

/** Flows that wait to be looked up together. */
const BATCH = 128;
/** What waits of a flow: the remote address, the fixed one, and what lines of the threat file say. */
const REMOTE = 0;
const FIXED = 4;
const PLACE = 8;
const CONTACT_PROTOCOL = 9;
const CONTACT_PORT = 10;
const IS_OUT = 11;
const STRIDE = 12;

/** What is matched, and how much of it is told one by one. */
export interface ThreatOptions {
  /** Direction of the contacts that count, for each list; undefined for a list that is switched off. */
  readonly directions: readonly (Direction | undefined)[];
  /**
   * Most fresh contacts that an interval tells, besides the first of each instance on each list,
   * which it always tells: no tenant can hide another's, no list another list's. 0 tells none and
   * counts none as left out.
   */
  readonly mostFresh: number;
  /** Most of them of one instance on one list. */
  readonly mostFreshOfEach: number;
}

/**
 * Finds the contacts of fixed IPs with listed addresses in the flows of an interval. A flow costs a
 * look-up for its remote address; only a hit costs more. Memory grows with the pairs that are hits.
 */
export class ThreatMatcher {
  readonly #options: ThreatOptions;
  readonly #lists: number;
  /** Lists for which flows from, and to, a fixed IP count: one bit each. */
  readonly #outLists: number;
  readonly #inLists: number;
  /** Pairs that are hits: id of holding and list, with the other address. */
  readonly #pairs: PairTable;
  /** Sums since the start, by instance UUID. */
  #totals: ReadonlyMap<string, readonly number[]> = new Map();
  readonly #batch = new Uint32Array(BATCH * STRIDE);
  readonly #listsOf = new Uint8Array(BATCH);
  #waiting = 0;
  #listed: ListedAddresses | undefined;
  #index: FixedIpIndex;
  #owners: readonly FixedIpOwner[] = [];
  #ids: Uint32Array = new Uint32Array(0);
  /** Hits of each instance on each list. */
  #hits = new Uint32Array(0);
  /** Contacts told of each instance on each list. */
  #told = new Uint32Array(0);
  #fresh: FreshContact[] = [];
  #leftOut: number[] = [];

  constructor(hash: AddressHash, options: ThreatOptions) {
    this.#options = options;
    this.#lists = options.directions.length;
    this.#outLists = bitsOf(options.directions, "out");
    this.#inLists = bitsOf(options.directions, "in");
    this.#index = new FixedIpIndex(hash, []);
    this.#pairs = new PairTable(hash, 4);
  }

  /**
   * Starts an interval.
   *
   * @param ids of the holdings, the same in every interval.
   * @param listed what to match against for the whole of it; undefined while nothing is loaded.
   */
  begin(
    owners: readonly FixedIpOwner[],
    index: FixedIpIndex,
    ids: Uint32Array,
    listed: ListedAddresses | undefined,
  ): void {
    this.#owners = owners;
    this.#index = index;
    this.#ids = ids;
    this.#listed = listed;
    this.#hits = new Uint32Array(owners.length * this.#lists);
    this.#told = new Uint32Array(owners.length * this.#lists);
    this.#fresh = [];
    this.#leftOut = new Array<number>(this.#lists).fill(0);
  }

  /** Matches one flow; the numbers are the places of its addresses in the index, or `NONE`. */
  match(flow: Flow, source: number, destination: number, replySource: number): void {
    if (this.#listed === undefined) return;
    if (source !== NONE && this.#outLists !== 0) {
      this.#wait(flow, source, ORIG_SRC, ORIG_DST);
      // Through DNAT another address answers: whom the guest meant and whom it reached both count.
      if (!sameAddress(flow, REPLY_SRC, flow, ORIG_DST)) {
        this.#wait(flow, source, ORIG_SRC, REPLY_SRC);
      }
    }
    if (this.#inLists === 0) return;
    if (destination !== NONE) this.#wait(flow, destination, ORIG_DST, ORIG_SRC);
    // Through DNAT the fixed IP is where the answer comes from.
    if (replySource !== NONE && replySource !== destination) {
      this.#wait(flow, replySource, REPLY_SRC, ORIG_SRC);
    }
  }

  /** Makes this interval the one that the next is compared with, and adds its hits to the sums. */
  commit(): ThreatContacts {
    this.#findWaiting();
    this.#pairs.commit();
    const totals = new Map<string, readonly number[]>();
    const byInstance = new Map<string, readonly ContactCounts[]>();
    this.#owners.forEach(({ uuid }, instance) => {
      const hits = this.#hits.subarray(instance * this.#lists, (instance + 1) * this.#lists);
      const before = this.#totals.get(uuid);
      if (before === undefined && hits.every((count) => count === 0)) return;
      const counts = Array.from(hits, (active, list) => ({
        active,
        total: (before?.[list] ?? 0) + active,
      }));
      byInstance.set(uuid, counts);
      totals.set(uuid, counts.map(({ total }) => total));
    });
    // Only of the instances that there are: what was summed up for others is dropped.
    this.#totals = totals;
    return { byInstance, fresh: this.#fresh, leftOut: this.#leftOut };
  }

  /** Forgets this interval: the next one is compared with what this one was compared with. */
  abort(): void {
    this.#waiting = 0;
    this.#pairs.abort();
  }

  #wait(flow: Flow, place: number, fixedAt: number, remoteAt: number): void {
    const batch = this.#batch;
    const at = this.#waiting++ * STRIDE;
    for (let word = 0; word < 4; word++) {
      batch[at + REMOTE + word] = flow[remoteAt + word]!;
      batch[at + FIXED + word] = flow[fixedAt + word]!;
    }
    batch[at + PLACE] = place;
    batch[at + CONTACT_PROTOCOL] = flow[PROTOCOL]!;
    batch[at + CONTACT_PORT] = flow[DST_PORT]!;
    batch[at + IS_OUT] = fixedAt === ORIG_SRC ? 1 : 0;
    if (this.#waiting === BATCH) this.#findWaiting();
  }

  #findWaiting(): void {
    const batch = this.#batch;
    const listsOf = this.#listsOf;
    this.#listed?.findAll(batch, STRIDE, this.#waiting, listsOf);
    for (let each = 0; each < this.#waiting; each++) {
      if (listsOf[each] === 0) continue;
      const at = each * STRIDE;
      const lists = listsOf[each]! & (batch[at + IS_OUT] === 1 ? this.#outLists : this.#inLists);
      if (lists !== 0) this.#hit(at, lists);
    }
    this.#waiting = 0;
  }

  /** A flow between a fixed IP, of one or several instances, and an address that lists have. */
  #hit(at: number, lists: number): void {
    const batch = this.#batch;
    const index = this.#index;
    let claim = index.firstClaim(batch[at + PLACE]!);
    while (claim !== NONE) {
      const holding = index.holdingOf(claim);
      const instance = index.instanceOf(holding);
      const own = this.#ids[holding]!;
      // Between two fixed IPs of one instance a pair is the same from either end.
      const other = index.holdingBy(instance, batch, at + REMOTE);
      const turned = other !== NONE && this.#ids[other]! < own;
      const id = turned ? this.#ids[other]! : own;
      const end = at + (turned ? FIXED : REMOTE);
      for (let list = 0; list < this.#lists; list++) {
        if ((lists & (1 << list)) === 0) continue;
        const key = id * this.#lists + list;
        const hash = this.#pairs.hashOf(key, batch, end);
        const tally = this.#pairs.increment(hash, key, batch, end);
        if (countOf(tally) > 1) continue;
        this.#hits[instance * this.#lists + list]!++;
        if (isKnown(tally) || this.#options.mostFresh === 0) continue;
        if (this.#mayTell(instance, list)) {
          this.#tell(at, list, instance);
        } else {
          this.#leftOut[list]!++;
          // A line is owed: the next interval tells the pair if it lasts and there is room then.
          this.#pairs.passOver(hash, key, batch, end);
        }
      }
      claim = index.nextClaim(claim);
    }
  }

  #mayTell(instance: number, list: number): boolean {
    const told = this.#told[instance * this.#lists + list]!;
    const { mostFresh, mostFreshOfEach } = this.#options;
    return told === 0 || (told < mostFreshOfEach && this.#fresh.length < mostFresh);
  }

  #tell(at: number, list: number, instance: number): void {
    this.#told[instance * this.#lists + list]!++;
    const batch = this.#batch;
    this.#fresh.push({
      list,
      instance: this.#owners[instance]!.uuid,
      fixedIp: addressAt(batch, at + FIXED),
      remote: addressAt(batch, at + REMOTE),
      protocol: batch[at + CONTACT_PROTOCOL]!,
      dstPort: batch[at + CONTACT_PORT]!,
      direction: batch[at + IS_OUT] === 1 ? "out" : "in",
    });
  }
}

/** The lists that take contacts of a direction, one bit each. */
function bitsOf(directions: ThreatOptions["directions"], wanted: "out" | "in"): number {
  return directions.reduce(
    (bits, direction, list) =>
      direction === wanted || direction === "any" ? bits | 1 << list : bits,
    0,
  );
}

function addressAt(words: Uint32Array, at: number): IpAddress {
  return fromWords([words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!]);
}
