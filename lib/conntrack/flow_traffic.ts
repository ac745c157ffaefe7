import type { AddressHash } from "./address_hash.ts";
import type { FixedIpIndex } from "./fixed_ip_index.ts";
import { COUNTERS_SEEN, type Flow } from "./flow.ts";
import { FlowCounters } from "./flow_counters.ts";
import type { FlowTraffic } from "./flow_summary.ts";

/** Sums of a place: bytes and packets sent, bytes and packets received. */
const SUMS = 4;

/** What is known of a holding. */
interface Total {
  /** The zones whose flows are followed. */
  readonly zones: string;
  /** Whether those are followed that its address tells. */
  readonly isByAddress: boolean;
  readonly sums: Float64Array;
}

/**
 * Adds up the traffic of fixed IPs from the counters of their flows, over all intervals. The first
 * interval of a fixed IP, and the first in other zones, counts nothing: its flows come with what they
 * carried before anybody looked, which after a restart of the exporter was counted once already.
 *
 * A port's zone is followed whether its fixed IP is counted by it or not: the first flows that it has
 * after a silence count with all that they carried.
 */
export class TrafficCounter {
  readonly #counters: FlowCounters;
  /** By the name of a holding. */
  #totals: ReadonlyMap<string, Total> = new Map();
  #sums = new Float64Array(0);

  constructor(hash: AddressHash) {
    this.#counters = new FlowCounters(hash);
  }

  /** Starts an interval with so many places. */
  begin(places: number): void {
    this.#sums = new Float64Array(places * SUMS);
  }

  /** Takes in a flow; {@link count} then adds it to each place that it belongs to. */
  take(flow: Flow): void {
    if (flow[COUNTERS_SEEN] === 1) this.#counters.take(flow);
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
  end(index: FixedIpIndex, isCommitted: boolean): void {
    const totals = new Map(isCommitted ? [] : this.#totals);
    const grown = index.sumByHolding(this.#sums, SUMS);
    index.holdings.forEach((name, holding) => {
      const before = this.#totals.get(name);
      const zones = index.zonesOfHolding(holding);
      const isByAddress = index.isByAddress(holding);
      const areZonesNew = before?.zones !== zones;
      const isAddressNew = isByAddress && before?.isByAddress !== true;
      // Not all flows of an aborted one were seen: the next is the first then.
      if ((areZonesNew || isAddressNew) && !isCommitted) return;
      const sums = Float64Array.from(before?.sums ?? new Float64Array(SUMS));
      const inZones = Array.from(
        sums,
        (_, at) => index.sumInZones(holding, this.#sums, SUMS, at) ?? 0,
      );
      const isInZones = !isByAddress || inZones.some((grown) => grown > 0);
      const growth = isInZones ? inZones : grown.subarray(holding * SUMS, (holding + 1) * SUMS);
      const isFirst = isInZones ? areZonesNew : isAddressNew;
      if (!isFirst) { for (let at = 0; at < SUMS; at++) sums[at]! += growth[at]!; }
      totals.set(name, { zones, isByAddress, sums });
    });
    this.#totals = totals;
    if (isCommitted) this.#counters.commit();
    this.#sums.fill(0);
  }

  /** All traffic that was seen of a holding. */
  of(name: string): FlowTraffic {
    const [sentBytes = 0, sentPackets = 0, receivedBytes = 0, receivedPackets = 0] =
      this.#totals.get(name)?.sums ?? [];
    return { sentBytes, sentPackets, receivedBytes, receivedPackets };
  }
}
