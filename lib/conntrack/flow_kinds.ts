import { type Flow, PROTOCOL, STATUS } from "./flow.ts";
import type { FlowKinds } from "./flow_summary.ts";

/** `IPS_SEEN_REPLY` of `enum ip_conntrack_status`: packets were seen in both directions. */
const SEEN_REPLY = 1 << 1;

/** What is counted of a place, in the order of its counts. */
const OUT = 0;
const UNREPLIED = 1;
const PROTOCOLS = 2;
const COUNTS = 6;

/** Index of each protocol number among TCP, UDP, ICMP with ICMPv6, and all others. */
const KIND_OF_PROTOCOL = new Uint8Array(256).fill(3);
KIND_OF_PROTOCOL[6] = 0;
KIND_OF_PROTOCOL[17] = 1;
KIND_OF_PROTOCOL[1] = 2;
KIND_OF_PROTOCOL[58] = 2;

/** Splits the flows of each place of an interval by direction, protocol and answer. */
export class FlowKindCounter {
  static readonly COUNTS = COUNTS;
  /** {@link COUNTS} for each place. */
  readonly counts: Uint32Array;

  constructor(places: number) {
    this.counts = new Uint32Array(places * COUNTS);
  }

  /** Counts one flow of a place, which opened it or not. */
  count(place: number, isOut: boolean, flow: Flow): void {
    const at = place * COUNTS;
    const counts = this.counts;
    if (isOut) counts[at + OUT]!++;
    if ((flow[STATUS]! & SEEN_REPLY) === 0) counts[at + UNREPLIED]!++;
    counts[at + PROTOCOLS + KIND_OF_PROTOCOL[flow[PROTOCOL]! & 255]!]!++;
  }
}

/** The kinds of a holding that has so many flows, from the sums of its places' counts. */
export function flowKindsOf(sums: Float64Array, holding: number, flows: number): FlowKinds {
  const at = holding * COUNTS;
  const [out = 0, unreplied = 0, tcp = 0, udp = 0, icmp = 0, other = 0] = sums.subarray(
    at,
    at + COUNTS,
  );
  return { out, in: flows - out, tcp, udp, icmp, other, unreplied };
}
