import { fromWords, type IpAddress } from "../address/ip_address.ts";
import type { Direction } from "../config/direction.ts";
import type { AddressHash } from "./address_hash.ts";
import { type FixedIpIndex, NONE } from "./fixed_ip_index.ts";
import { DST_PORT, type Flow, ORIG_DST, ORIG_SRC, PROTOCOL, REPLY_SRC } from "./flow.ts";
import type { ContactCounts, FixedIpOwner, FreshContact, ThreatContacts } from "./flow_summary.ts";
import { PairTable } from "./pair_table.ts";

/** The addresses of all lists together. */
export interface ListedAddresses {
  /** One bit for each list that has the address at a place of an array of words; 0 for none. */
  find(words: Uint32Array, at: number): number;
}

/** What is matched, and how much of it is told one by one. */
export interface ThreatOptions {
  /** Direction of the contacts that count, for each list; undefined for a list that is switched off. */
  readonly directions: readonly (Direction | undefined)[];
  /** Most fresh contacts that an interval tells; 0 tells none and counts none as left out. */
  readonly mostFresh: number;
  /** Most of them of one instance, so that one tenant cannot hide another's. */
  readonly mostFreshOfInstance: number;
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
  #current: PairTable;
  #previous: PairTable;
  /** Sums since the start, by instance UUID. */
  #totals: ReadonlyMap<string, readonly number[]> = new Map();
  #listed: ListedAddresses | undefined;
  #owners: readonly FixedIpOwner[] = [];
  #ids: Uint32Array = new Uint32Array(0);
  /** Hits of each instance on each list. */
  #hits = new Uint32Array(0);
  #freshOfInstance = new Uint32Array(0);
  #fresh: FreshContact[] = [];
  #leftOut = 0;

  constructor(hash: AddressHash, options: ThreatOptions) {
    this.#options = options;
    this.#lists = options.directions.length;
    this.#outLists = bitsOf(options.directions, "out");
    this.#inLists = bitsOf(options.directions, "in");
    this.#current = new PairTable(hash, 4);
    this.#previous = new PairTable(hash, 4);
  }

  /**
   * Starts an interval.
   *
   * @param ids of the holdings, the same in every interval.
   * @param listed what to match against for the whole of it; undefined while nothing is loaded.
   */
  begin(
    owners: readonly FixedIpOwner[],
    ids: Uint32Array,
    listed: ListedAddresses | undefined,
  ): void {
    this.#owners = owners;
    this.#ids = ids;
    this.#listed = listed;
    this.#current.clear(this.#previous.size);
    this.#hits = new Uint32Array(owners.length * this.#lists);
    this.#freshOfInstance = new Uint32Array(owners.length);
    this.#fresh = [];
    this.#leftOut = 0;
  }

  /** Matches one flow; the numbers are those of its addresses among the fixed IPs, or `NONE`. */
  match(
    flow: Flow,
    index: FixedIpIndex,
    source: number,
    destination: number,
    replySource: number,
  ): void {
    const listed = this.#listed;
    if (listed === undefined) return;
    if (source !== NONE && this.#outLists !== 0) {
      const lists = listed.find(flow, ORIG_DST) & this.#outLists;
      if (lists !== 0) this.#hit(flow, index, lists, source, ORIG_SRC, ORIG_DST);
    }
    if ((destination !== NONE || replySource !== NONE) && this.#inLists !== 0) {
      const lists = listed.find(flow, ORIG_SRC) & this.#inLists;
      if (lists === 0) return;
      if (destination !== NONE) this.#hit(flow, index, lists, destination, ORIG_DST, ORIG_SRC);
      // Through DNAT the fixed IP is where the answer comes from.
      if (replySource !== NONE && replySource !== destination) {
        this.#hit(flow, index, lists, replySource, REPLY_SRC, ORIG_SRC);
      }
    }
  }

  /** Makes this interval the one that the next is compared with, and adds its hits to the sums. */
  commit(): ThreatContacts {
    [this.#current, this.#previous] = [this.#previous, this.#current];
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

  /** A flow between a fixed IP, of one or several instances, and an address that lists have. */
  #hit(
    flow: Flow,
    index: FixedIpIndex,
    lists: number,
    address: number,
    fixedAt: number,
    remoteAt: number,
  ): void {
    const remote = index.find(flow, remoteAt);
    let holding = index.firstHolding(address);
    while (holding !== NONE) {
      const instance = index.instanceOf(holding);
      const own = this.#ids[holding]!;
      // Between two fixed IPs of one instance a pair is the same from either end.
      const other = index.holdingOf(remote, instance);
      const turned = other !== NONE && this.#ids[other]! < own;
      const id = turned ? this.#ids[other]! : own;
      const at = turned ? fixedAt : remoteAt;
      for (let list = 0; list < this.#lists; list++) {
        if ((lists & (1 << list)) === 0) continue;
        const key = id * this.#lists + list;
        const hash = this.#current.hashOf(key, flow, at);
        if (this.#current.increment(hash, key, flow, at) > 1) continue;
        this.#hits[instance * this.#lists + list]!++;
        if (!this.#previous.has(hash, key, flow, at)) {
          this.#tell(flow, list, instance, fixedAt, remoteAt);
        }
      }
      holding = index.nextHolding(holding);
    }
  }

  #tell(flow: Flow, list: number, instance: number, fixedAt: number, remoteAt: number): void {
    const { mostFresh, mostFreshOfInstance } = this.#options;
    if (mostFresh === 0) return;
    if (
      this.#fresh.length >= mostFresh || this.#freshOfInstance[instance]! >= mostFreshOfInstance
    ) {
      this.#leftOut++;
      return;
    }
    this.#freshOfInstance[instance]!++;
    this.#fresh.push({
      list,
      instance: this.#owners[instance]!.uuid,
      fixedIp: addressAt(flow, fixedAt),
      remote: addressAt(flow, remoteAt),
      protocol: flow[PROTOCOL]!,
      dstPort: flow[DST_PORT]!,
      direction: fixedAt === ORIG_SRC ? "out" : "in",
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

function addressAt(flow: Flow, at: number): IpAddress {
  return fromWords([flow[at]!, flow[at + 1]!, flow[at + 2]!, flow[at + 3]!]);
}
