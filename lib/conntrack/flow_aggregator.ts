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
import { OutboundCounter } from "./outbound_counter.ts";

/**
 * Adds the entries of one dump up by fixed IP. An interval is {@link begin}, one {@link flow} for
 * each entry, and then {@link commit}, or {@link abort} where the dump could not be read to its end.
 * Memory grows with the fixed IPs' remotes and ports, not with the table.
 */
export class FlowAggregator implements FlowSink {
  readonly #hash = new AddressHash();
  readonly #outbound: OutboundCounter | undefined;
  #owners: readonly FixedIpOwner[] = [];
  #index = new FixedIpIndex(this.#hash, []);
  #flows = new Uint32Array(0);
  #entries = 0;

  constructor(options: { readonly outbound: boolean }) {
    this.#outbound = options.outbound ? new OutboundCounter(this.#hash) : undefined;
  }

  /** Starts an interval with the instances of this cycle. */
  begin(owners: readonly FixedIpOwner[]): void {
    this.#owners = owners;
    this.#index = new FixedIpIndex(this.#hash, owners);
    this.#outbound?.begin(this.#index.holdings);
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
  }

  /** Ends the interval and makes it the one that the next is compared with. */
  commit(): FlowSummary {
    this.#outbound?.commit();
    const byInstance = new Map<string, readonly FixedIpFlows[]>();
    this.#owners.forEach((owner, instance) => {
      byInstance.set(owner.uuid, owner.fixedIps.map((ip) => this.#flowsOf(ip.words, instance)));
    });
    return { entries: this.#entries, ambiguousFixedIps: this.#index.ambiguous, byInstance };
  }

  /** Drops what the interval has counted: the next is compared with the last one committed. */
  abort(): void {
    this.#outbound?.abort();
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
