import { AddressHash } from "./address_hash.ts";
import { NONE } from "./address_places.ts";
import { BehaviorCounter } from "./behavior_counter.ts";
import { ConnectionSet } from "./connection_set.ts";
import { FixedIpIndex } from "./fixed_ip_index.ts";
import {
  type EntrySource,
  type Flow,
  type FlowSink,
  ORIG_DST,
  ORIG_SRC,
  REPLY_DST,
  REPLY_SRC,
  sameAddress,
  ZONE,
} from "./flow.ts";
import type { FixedIpFlows, FixedIpOwner, FlowSummary } from "./flow_summary.ts";
import { FlowKindCounter, flowKindsOf } from "./flow_kinds.ts";
import { TrafficCounter } from "./flow_traffic.ts";
import { HoldingIds } from "./holding_ids.ts";
import type { PortZones } from "./port_zones.ts";
import { type ListedAddresses, ThreatMatcher, type ThreatOptions } from "./threat_matcher.ts";
import { BY_ADDRESS } from "./zone_scopes.ts";
import { ZoneUse } from "./zone_use.ts";

/** What is counted besides the flows of each fixed IP; all of it costs time, the rest memory too. */
export interface AggregatorOptions {
  readonly outbound: boolean;
  readonly inbound?: boolean;
  /** Flows by direction, protocol and answer. */
  readonly kinds?: boolean;
  /** Bytes and packets, from the counters of flows. */
  readonly traffic?: boolean;
  /** Absent where no list is switched on. */
  readonly threats?: ThreatOptions | undefined;
}

/** What flows of one interval are held against besides the fixed IPs. */
export interface FlowContext {
  /** What threats are matched against, where they are. */
  readonly listed?: ListedAddresses | undefined;
  /** Whose zones are known. */
  readonly zones?: PortZones | undefined;
}

/**
 * Adds the entries of one dump up by fixed IP. An interval is {@link begin}, one {@link flow} for
 * each entry, and then {@link commit}, or {@link abort} where the dump could not be read to its end.
 * Memory grows with the fixed IPs' remotes and ports, not with the table.
 */
export class FlowAggregator implements FlowSink {
  readonly #hash = new AddressHash();
  readonly #outbound: BehaviorCounter | undefined;
  readonly #inbound: BehaviorCounter | undefined;
  readonly #countsKinds: boolean;
  readonly #traffic: TrafficCounter | undefined;
  readonly #threats: ThreatMatcher | undefined;
  readonly #ids = new HoldingIds();
  readonly #zoneUse = new ZoneUse();
  /** Of places that addresses tell, while zones are known; undefined where each entry counts. */
  #connections: ConnectionSet | undefined;
  #owners: readonly FixedIpOwner[] = [];
  #index = new FixedIpIndex(this.#hash, []);
  #flows = new Uint32Array(0);
  #kinds: FlowKindCounter | undefined;
  #entries = 0;

  constructor(options: AggregatorOptions) {
    this.#outbound = options.outbound ? new BehaviorCounter(this.#hash, ORIG_DST) : undefined;
    this.#inbound = options.inbound ? new BehaviorCounter(this.#hash, ORIG_SRC) : undefined;
    this.#countsKinds = options.kinds ?? false;
    this.#traffic = options.traffic ? new TrafficCounter(this.#hash, this.#index) : undefined;
    this.#threats = options.threats && new ThreatMatcher(this.#hash, options.threats);
  }

  /** Starts an interval with the instances of this cycle. */
  begin(owners: readonly FixedIpOwner[], { listed, zones }: FlowContext = {}): void {
    this.#owners = owners;
    this.#index = new FixedIpIndex(this.#hash, owners, zones && { zones, use: this.#zoneUse });
    // Without zones nobody knows whether entries that look alike are of one connection.
    if (zones === undefined || zones.size === 0) this.#connections = undefined;
    else if (this.#connections) this.#connections.clear();
    else this.#connections = new ConnectionSet();
    const ids = this.#ids.begin(this.#index.holdings);
    this.#outbound?.begin(ids);
    this.#inbound?.begin(ids);
    this.#threats?.begin(owners, this.#index, ids, listed);
    this.#flows = new Uint32Array(this.#index.placeCount);
    if (this.#countsKinds) this.#kinds = new FlowKindCounter(this.#index.placeCount);
    this.#traffic?.begin(this.#index);
    this.#entries = 0;
  }

  /**
   * Counts one entry of the dump, once for each fixed IP that its tuples name. Where addresses tell
   * whose it is, and zones are known, a connection that is in several zones counts once for each.
   */
  flow(flow: Flow, entry?: EntrySource): void {
    this.#entries++;
    const index = this.#index;
    const scope = index.scopeOf(flow[ZONE]!);
    const source = index.find(flow, ORIG_SRC, scope);
    const destination = index.find(flow, ORIG_DST, scope);
    // Without NAT the reply tuple is the original one turned round: nothing to look up.
    const replySource = sameAddress(flow, REPLY_SRC, flow, ORIG_DST)
      ? destination
      : index.find(flow, REPLY_SRC, scope);
    const replyDestination = sameAddress(flow, REPLY_DST, flow, ORIG_SRC)
      ? source
      : index.find(flow, REPLY_DST, scope);
    // NONE has all its bits set: so has this only where all four are NONE.
    if ((source & destination & replySource & replyDestination) === NONE) return;
    const seen = scope === BY_ADDRESS ? this.#connections : undefined;
    if (seen !== undefined) entry?.readPorts();
    this.#traffic?.take(flow, source, destination, replySource, replyDestination);
    const isOpened = isNewTo(source, true, flow, seen);
    const isReached = destination !== source && isNewTo(destination, false, flow, seen);
    const isReachedByNat = replySource !== destination && replySource !== source &&
      isNewTo(replySource, false, flow, seen);
    if (isOpened) this.#count(source, true, flow);
    if (isReached) this.#count(destination, false, flow);
    if (isReachedByNat) this.#count(replySource, false, flow);
    if (
      replyDestination !== source && replyDestination !== destination &&
      replyDestination !== replySource && isNewTo(replyDestination, true, flow, seen)
    ) {
      this.#count(replyDestination, true, flow);
    }
    if (isOpened && this.#outbound !== undefined) {
      this.#countOutbound(this.#outbound, flow, source, destination, replySource);
    }
    if (this.#inbound !== undefined) {
      if (isReached) this.#countInbound(this.#inbound, flow, destination, source, replyDestination);
      // Through DNAT the fixed IP is where the answer comes from.
      if (isReachedByNat) {
        this.#countInbound(this.#inbound, flow, replySource, source, replyDestination);
      }
    }
    this.#threats?.match(flow, source, destination, replySource);
  }

  /** Ends the interval and makes it the one that the next is compared with. */
  commit(): FlowSummary {
    this.#ids.commit();
    this.#outbound?.commit();
    this.#inbound?.commit();
    this.#traffic?.end(true);
    const flows = this.#index.sumByHolding(this.#flows);
    const kinds = this.#kinds &&
      this.#index.sumByHolding(this.#kinds.counts, FlowKindCounter.COUNTS);
    this.#zoneUse.commit(this.#index.zoneFlows(this.#flows));
    const byInstance = new Map<string, readonly FixedIpFlows[]>();
    this.#owners.forEach((owner, instance) => {
      byInstance.set(
        owner.uuid,
        owner.fixedIps.map(({ words }) => {
          const holding = this.#index.holdingBy(instance, Uint32Array.from(words), 0);
          return this.#flowsOf(holding, flows[holding]!, kinds);
        }),
      );
    });
    return {
      entries: this.#entries,
      ambiguousFixedIps: this.#index.countAmbiguous(this.#flows),
      byInstance,
      ...this.#threats && { threats: this.#threats.commit() },
    };
  }

  /** Drops what the interval has counted: the next is compared with the last one committed. */
  abort(): void {
    this.#outbound?.abort();
    this.#inbound?.abort();
    this.#traffic?.end(false);
    this.#threats?.abort();
  }

  #count(place: number, isOut: boolean, flow: Flow): void {
    this.#flows[place]!++;
    this.#kinds?.count(place, isOut, flow);
    this.#traffic?.count(place, isOut, flow);
  }

  /** A flow between an instance's own fixed IPs, seen before or after NAT, never left it. */
  #countOutbound(
    outbound: BehaviorCounter,
    flow: Flow,
    source: number,
    destination: number,
    replySource: number,
  ): void {
    const index = this.#index;
    let claim = index.firstClaim(source);
    while (claim !== NONE) {
      const holding = index.holdingOf(claim);
      const instance = index.instanceOf(holding);
      if (
        !index.owns(instance, destination, flow, ORIG_DST) &&
        (sameAddress(flow, REPLY_SRC, flow, ORIG_DST) ||
          !index.owns(instance, replySource, flow, REPLY_SRC))
      ) {
        outbound.count(holding, flow);
      }
      claim = index.nextClaim(claim);
    }
  }

  /** The mirror image: a flow that reached a fixed IP, and came from outside its instance. */
  #countInbound(
    inbound: BehaviorCounter,
    flow: Flow,
    reached: number,
    source: number,
    replyDestination: number,
  ): void {
    const index = this.#index;
    let claim = index.firstClaim(reached);
    while (claim !== NONE) {
      const holding = index.holdingOf(claim);
      const instance = index.instanceOf(holding);
      if (
        !index.owns(instance, source, flow, ORIG_SRC) &&
        (sameAddress(flow, REPLY_DST, flow, ORIG_SRC) ||
          !index.owns(instance, replyDestination, flow, REPLY_DST))
      ) {
        inbound.count(holding, flow);
      }
      claim = index.nextClaim(claim);
    }
  }

  #flowsOf(holding: number, flows: number, kinds: Float64Array | undefined): FixedIpFlows {
    return {
      flows,
      ...this.#outbound && { outbound: this.#outbound.of(holding) },
      ...this.#inbound && { inbound: this.#inbound.of(holding) },
      ...this.#traffic && { traffic: this.#traffic.of(this.#index.holdings[holding]!) },
      ...kinds && { kinds: flowKindsOf(kinds, holding, flows) },
    };
  }
}

/** Whether a place is to count a flow: one that there is, and that has not seen its connection. */
function isNewTo(
  place: number,
  isOut: boolean,
  flow: Flow,
  seen: ConnectionSet | undefined,
): boolean {
  return place !== NONE && (seen === undefined || seen.add(place, isOut, flow));
}
