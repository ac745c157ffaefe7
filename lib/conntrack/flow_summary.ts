import type { IpAddress } from "../address/ip_address.ts";

/** What the conntrack table says of one fixed IP in one dump. Counts only, no addresses. */
export interface FixedIpFlows {
  /** Entries that belong to the fixed IP, in either direction. */
  readonly flows: number;
  /** Present where outbound behaviour is switched on. */
  readonly outbound?: OutboundFlows;
}

/** Flows whose source is the fixed IP and whose destination is no fixed IP of the same instance. */
export interface OutboundFlows {
  readonly uniqueRemotes: number;
  /** Remotes that were not there in the previous dump that was read to its end. */
  readonly newRemotes: number;
  readonly flows: number;
  readonly maxFlowsSingleRemote: number;
  readonly uniqueDstPorts: number;
  readonly newDstPorts: number;
  readonly maxFlowsSingleDstPort: number;
}

/** One dump that was read to its end. */
export interface FlowSummary {
  /** Entries in the dump. */
  readonly entries: number;
  /** Fixed IPs that more than one instance on this host owns. */
  readonly ambiguousFixedIps: number;
  /** By instance UUID, in the order of that instance's `fixedIps`. */
  readonly byInstance: ReadonlyMap<string, readonly FixedIpFlows[]>;
}

/** The owner of some fixed IPs, as the aggregation needs it. */
export interface FixedIpOwner {
  readonly uuid: string;
  readonly fixedIps: readonly IpAddress[];
}
