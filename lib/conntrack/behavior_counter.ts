import type { AddressHash } from "./address_hash.ts";
import { isIpv4 } from "./address_places.ts";
import { DistinctCounter, DistinctCounts } from "./distinct_counter.ts";
import { DST_PORT, type Flow, type ORIG_DST, type ORIG_SRC } from "./flow.ts";
import type { BehaviorFlows } from "./flow_summary.ts";

/** Behaviour in one direction of every holding (an instance's fixed IP) in one interval. */
export class BehaviorCounter {
  readonly #remoteAt: number;
  readonly #remotesIpv4: DistinctCounter;
  readonly #remotesIpv6: DistinctCounter;
  readonly #dstPorts: DistinctCounter;
  #idOfHolding: Uint32Array = new Uint32Array(0);
  #flows = new Uint32Array(0);
  #remotes = new DistinctCounts(0);
  #ports = new DistinctCounts(0);

  /** @param remoteAt where a flow has the remote address: its destination for outbound ones. */
  constructor(hash: AddressHash, remoteAt: typeof ORIG_DST | typeof ORIG_SRC) {
    this.#remoteAt = remoteAt;
    this.#remotesIpv4 = new DistinctCounter(hash, 1);
    this.#remotesIpv6 = new DistinctCounter(hash, 4);
    this.#dstPorts = new DistinctCounter(hash, 1);
  }

  /** Starts an interval with the ids of its holdings, which are the same in every interval. */
  begin(idOfHolding: Uint32Array): void {
    this.#idOfHolding = idOfHolding;
    this.#flows = new Uint32Array(idOfHolding.length);
    this.#remotes = new DistinctCounts(idOfHolding.length);
    this.#ports = new DistinctCounts(idOfHolding.length);
    this.#remotesIpv4.begin(this.#remotes);
    this.#remotesIpv6.begin(this.#remotes);
    this.#dstPorts.begin(this.#ports);
  }

  /** Counts one flow of a holding in this direction. */
  count(holding: number, flow: Flow): void {
    const id = this.#idOfHolding[holding]!;
    this.#flows[holding]!++;
    const remoteAt = this.#remoteAt;
    if (isIpv4(flow, remoteAt)) {
      this.#remotesIpv4.count(holding, id, flow, remoteAt + 3);
    } else {
      this.#remotesIpv6.count(holding, id, flow, remoteAt);
    }
    if (flow[DST_PORT] !== 0) this.#dstPorts.count(holding, id, flow, DST_PORT);
  }

  /** Makes this interval the one that the next is compared with. */
  commit(): void {
    this.#remotesIpv4.commit();
    this.#remotesIpv6.commit();
    this.#dstPorts.commit();
  }

  /** Forgets this interval: the next one is compared with what this one was compared with. */
  abort(): void {
    this.#remotesIpv4.abort();
    this.#remotesIpv6.abort();
    this.#dstPorts.abort();
  }

  /** What the newest interval committed has of a holding. */
  of(holding: number): BehaviorFlows {
    return {
      uniqueRemotes: this.#remotes.unique[holding]!,
      newRemotes: this.#remotes.fresh[holding]!,
      flows: this.#flows[holding]!,
      maxFlowsSingleRemote: this.#remotes.most[holding]!,
      uniqueDstPorts: this.#ports.unique[holding]!,
      newDstPorts: this.#ports.fresh[holding]!,
      maxFlowsSingleDstPort: this.#ports.most[holding]!,
    };
  }
}
