import type { AddressHash } from "./address_hash.ts";
import type { FixedIpIndex } from "./fixed_ip_index.ts";
import { COUNTERS_SEEN, type Flow } from "./flow.ts";
import { FlowCounters } from "./flow_counters.ts";
import type { FlowTraffic } from "./flow_summary.ts";

/** Sums of a place: bytes and packets sent, bytes and packets received. */
const SUMS = 4;

/** What is known of a holding. */
interface Total {
  readonly sums: Float64Array;
  /** What of it came from other zones than its ports', where the same may come to light later. */
  readonly ahead: Float64Array;
}

const NOTHING: Total = { sums: new Float64Array(SUMS), ahead: new Float64Array(SUMS) };

/**
 * Adds up the traffic of fixed IPs from the counters of their flows, over all intervals. A flow that is
 * new where the interval before looked too counts with all that it carried. Elsewhere it may be old, as all
 * are when a fixed IP is first seen or comes to be counted in other zones: it counts from then on.
 *
 * A port's zone is followed whether its fixed IP is counted by it or not. What it has of a connection and
 * what other zones have of it counts once, though they may come to light one after the other.
 */
export class TrafficCounter {
  readonly #counters: FlowCounters;
  /** By the name of a holding. */
  #totals: ReadonlyMap<string, Total> = new Map();
  #sums = new Float64Array(0);
  #index: FixedIpIndex;
  /** Of the last interval that was committed. */
  #before: FixedIpIndex;
  #isFollowed: Uint8Array = new Uint8Array(0);

  constructor(hash: AddressHash, index: FixedIpIndex) {
    this.#counters = new FlowCounters(hash);
    this.#index = index;
    this.#before = index;
  }

  /** Starts an interval with these fixed IPs. */
  begin(index: FixedIpIndex): void {
    this.#index = index;
    this.#isFollowed = index.placesFollowedBy(this.#before);
    this.#sums = new Float64Array(index.placeCount * SUMS);
  }

  /** Takes in a flow with the places of its addresses; {@link count} then adds it to those it belongs to. */
  take(flow: Flow, a: number, b: number, c: number, d: number): void {
    if (flow[COUNTERS_SEEN] === 0) return;
    const followed = this.#isFollowed;
    this.#counters.take(
      flow,
      // None of a place that is NONE.
      followed[a] === 1 || followed[b] === 1 || followed[c] === 1 || followed[d] === 1,
    );
  }

  /** Adds the flow that was taken in to a place, whose fixed IP opened it or not. */
  count(place: number, isOut: boolean, flow: Flow): void {
    if (flow[COUNTERS_SEEN] === 0) return;
    const { origBytes, origPackets, replyBytes, replyPackets } = this.#counters.growth;
    const sums = this.#sums;
    const at = place * SUMS;
    sums[at]! += isOut ? origBytes : replyBytes;
    sums[at + 1]! += isOut ? origPackets : replyPackets;
    sums[at + 2]! += isOut ? replyBytes : origBytes;
    sums[at + 3]! += isOut ? replyPackets : origPackets;
  }

  /**
   * Ends an interval. What an aborted one has seen is added too, and shows with the next that is
   * committed: the counters of its flows will not grow by it again.
   */
  end(isCommitted: boolean): void {
    const index = this.#index;
    const totals = new Map(isCommitted ? [] : this.#totals);
    const counted = index.sumByHolding(this.#sums, SUMS);
    index.holdings.forEach((name, holding) => {
      const { sums, ahead } = this.#totals.get(name) ?? NOTHING;
      const next = { sums: Float64Array.from(sums), ahead: new Float64Array(SUMS) };
      for (let at = 0; at < SUMS; at++) {
        const inZones = index.sumInZones(holding, this.#sums, SUMS, at);
        const elsewhere = index.isByAddress(holding) ? counted[holding * SUMS + at]! : 0;
        const grown = Math.max(elsewhere, (inZones ?? 0) - ahead[at]!);
        next.sums[at]! += grown;
        if (inZones === undefined) continue;
        // An interval later the zone has shown what it has; an aborted one may not have come to it.
        next.ahead[at] = Math.max(0, (isCommitted ? 0 : ahead[at]!) + grown - inZones);
      }
      totals.set(name, next);
    });
    this.#totals = totals;
    if (isCommitted) {
      this.#counters.commit();
      this.#before = index;
    }
    this.#sums.fill(0);
  }

  /** All traffic that was seen of a holding. */
  of(name: string): FlowTraffic {
    const [sentBytes = 0, sentPackets = 0, receivedBytes = 0, receivedPackets = 0] =
      this.#totals.get(name)?.sums ?? [];
    return { sentBytes, sentPackets, receivedBytes, receivedPackets };
  }
}
