import type { IpAddress } from "../address/ip_address.ts";

/** What the conntrack table says of one fixed IP in one dump. Counts only, no addresses. */
export interface FixedIpFlows {
  /** Entries that belong to the fixed IP, in either direction. */
  readonly flows: number;
  /** Present where outbound behaviour is switched on. */
  readonly outbound?: BehaviorFlows;
  /** Present where inbound behaviour is switched on. */
  readonly inbound?: BehaviorFlows;
  /** Present where flows are told apart by kind. */
  readonly kinds?: FlowKinds;
  /** Present where traffic is counted. */
  readonly traffic?: FlowTraffic;
}

/** What a fixed IP sent and received, since it was first seen; zeros where the kernel counts nothing. */
export interface FlowTraffic {
  readonly sentBytes: number;
  readonly sentPackets: number;
  readonly receivedBytes: number;
  readonly receivedPackets: number;
}

/** Flows of a fixed IP by who opened them, by protocol, and those without an answer. */
export interface FlowKinds {
  /** The fixed IP opened them, one to itself included; all others are `in`. */
  readonly out: number;
  readonly in: number;
  readonly tcp: number;
  readonly udp: number;
  /** ICMP and ICMPv6. */
  readonly icmp: number;
  readonly other: number;
  /** Packets were seen in one direction only. */
  readonly unreplied: number;
}

/**
 * Flows that the fixed IP opened to a destination that is no fixed IP of the same instance
 * (outbound), or that such a source opened to it (inbound).
 */
export interface BehaviorFlows {
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
  /** Fixed IPs that more than one instance on this host owns and no zone tells apart. */
  readonly ambiguousFixedIps: number;
  /** By instance UUID, in the order of that instance's `fixedIps`. */
  readonly byInstance: ReadonlyMap<string, readonly FixedIpFlows[]>;
  /** Present where flows are matched against threat lists. */
  readonly threats?: ThreatContacts;
}

/** Contacts of instances with listed addresses. A list is known by its place in `THREAT_LISTS`. */
export interface ThreatContacts {
  /** By instance UUID, in the order of the lists; only of instances that ever had a contact. */
  readonly byInstance: ReadonlyMap<string, readonly ContactCounts[]>;
  /** Hits that were not told while they lasted, as many of them as were asked for. */
  readonly fresh: readonly FreshContact[];
  /** Such hits beyond that number on each list; they are fresh in the next interval too. */
  readonly leftOut: readonly number[];
}

/** Hits of one instance on one list; a hit is an endpoint pair, once in each interval. */
export interface ContactCounts {
  /** In this interval. */
  readonly active: number;
  /** Since the instance was first seen. */
  readonly total: number;
}

/** The first flow of a hit. */
export interface FreshContact {
  readonly list: number;
  /** UUID of the instance. */
  readonly instance: string;
  readonly fixedIp: IpAddress;
  readonly remote: IpAddress;
  /** IP protocol number. */
  readonly protocol: number;
  /** 0 for protocols without ports. */
  readonly dstPort: number;
  readonly direction: "out" | "in";
}

/** The owner of some fixed IPs, as the aggregation needs it. */
export interface FixedIpOwner {
  readonly uuid: string;
  readonly fixedIps: readonly IpAddress[];
  /** UUIDs of the ports that have each fixed IP, in the order of `fixedIps`; absent is none. */
  readonly ports?: readonly (readonly string[])[];
}
