import { AddressHash } from "./address_hash.ts";
import { FixedIpIndex, NONE } from "./fixed_ip_index.ts";
import {
  type Flow,
  type FlowSink,
  ORIG_DST,
  ORIG_SRC,
  REPLY_DST,
  REPLY_SRC,
  sameAddress,
} from "./flow.ts";
import type { FixedIpFlows, FixedIpOwner, FlowSummary } from "./flow_summary.ts";
import { HoldingIds } from "./holding_ids.ts";
import { OutboundCounter } from "./outbound_counter.ts";
import { type ListedAddresses, ThreatMatcher, type ThreatOptions } from "./threat_matcher.ts";

/** What is counted besides the flows of each fixed IP; both cost time and memory. */
export interface AggregatorOptions {
  readonly outbound: boolean;
  /** Absent where no list is switched on. */
  readonly threats?: ThreatOptions | undefined;
}

/**
 * Adds the entries of one dump up by fixed IP. An interval is {@link begin}, one {@link flow} for
 * each entry, and then {@link commit}, or {@link abort} where the dump could not be read to its end.
 * Memory grows with the fixed IPs' remotes and ports, not with the table.
 */
export class FlowAggregator implements FlowSink {
  readonly #hash = new AddressHash();
  readonly #outbound: OutboundCounter | undefined;
  readonly #threats: ThreatMatcher | undefined;
  readonly #ids = new HoldingIds();
  #owners: readonly FixedIpOwner[] = [];
  #index = new FixedIpIndex(this.#hash, []);
  #flows = new Uint32Array(0);
  #entries = 0;

  constructor(options: AggregatorOptions) {
    this.#outbound = options.outbound ? new OutboundCounter(this.#hash) : undefined;
    this.#threats = options.threats && new ThreatMatcher(this.#hash, options.threats);
  }

  /**
   * Starts an interval with the instances of this cycle.
   *
   * @param listed what threats are matched against, where they are.
   */
  begin(owners: readonly FixedIpOwner[], listed?: ListedAddresses): void {
    this.#owners = owners;
    this.#index = new FixedIpIndex(this.#hash, owners);
    const ids = this.#ids.begin(this.#index.holdings);
    this.#outbound?.begin(ids);
    this.#threats?.begin(owners, this.#index, ids, listed);
    this.#flows = new Uint32Array(this.#index.addressCount);
    this.#entries = 0;
  }

  /** Counts one entry of the dump, once for each fixed IP that its tuples name. */
  flow(flow: Flow): void {
    this.#entries++;
    const index = this.#index;
    const source = index.find(flow, ORIG_SRC);
    const destination = index.find(flow, ORIG_DST);
    // Without NAT the reply tuple is the original one turned round: nothing to look up.
    const replySource = sameAddress(flow, REPLY_SRC, flow, ORIG_DST)
      ? destination
      : index.find(flow, REPLY_SRC);
    const replyDestination = sameAddress(flow, REPLY_DST, flow, ORIG_SRC)
      ? source
      : index.find(flow, REPLY_DST);
    const flows = this.#flows;
    if (source !== NONE) flows[source]!++;
    if (destination !== NONE && destination !== source) flows[destination]!++;
    if (replySource !== NONE && replySource !== destination && replySource !== source) {
      flows[replySource]!++;
    }
    if (
      replyDestination !== NONE && replyDestination !== source &&
      replyDestination !== destination && replyDestination !== replySource
    ) {
      flows[replyDestination]!++;
    }
    if (source !== NONE && this.#outbound !== undefined) {
      this.#countOutbound(this.#outbound, flow, source, destination, replySource);
    }
    this.#threats?.match(flow, source, destination, replySource);
  }

  /** Ends the interval and makes it the one that the next is compared with. */
  commit(): FlowSummary {
    this.#ids.commit();
    this.#outbound?.commit();
    const byInstance = new Map<string, readonly FixedIpFlows[]>();
    this.#owners.forEach((owner, instance) => {
      byInstance.set(owner.uuid, owner.fixedIps.map((ip) => this.#flowsOf(ip.words, instance)));
    });
    return {
      entries: this.#entries,
      ambiguousFixedIps: this.#index.ambiguous,
      byInstance,
      ...this.#threats && { threats: this.#threats.commit() },
    };
  }

  /** Drops what the interval has counted: the next is compared with the last one committed. */
  abort(): void {
    this.#outbound?.abort();
    this.#threats?.abort();
  }

  /** A flow between an instance's own fixed IPs, seen before or after NAT, never left it. */
  #countOutbound(
    outbound: OutboundCounter,
    flow: Flow,
    source: number,
    destination: number,
    replySource: number,
  ): void {
    const index = this.#index;
    let holding = index.firstHolding(source);
    while (holding !== NONE) {
      const instance = index.instanceOf(holding);
      if (
        index.holdingOf(destination, instance) === NONE &&
        index.holdingOf(replySource, instance) === NONE
      ) {
        outbound.count(holding, flow);
      }
      holding = index.nextHolding(holding);
    }
  }

  #flowsOf(words: readonly number[], instance: number): FixedIpFlows {
    const address = this.#index.find(Uint32Array.from(words), 0);
    const flows = this.#flows[address]!;
    if (this.#outbound === undefined) return { flows };
    return { flows, outbound: this.#outbound.of(this.#index.holdingOf(address, instance)) };
  }
}
