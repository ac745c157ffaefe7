import { type Flow, REPLY_SRC_PORT, SRC_PORT } from "./flow.ts";
import { malformed, readHeader } from "./flow_decoder.ts";

const HEADER = 4;
const LENGTH_MASK = 0xffff;
/** Without the bits NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const TYPE_MASK = 0x3fff;

// enum ctattr_type, ctattr_tuple and ctattr_l4proto of linux/netfilter/nfnetlink_conntrack.h
const CTA_TUPLE_ORIG = 1;
const CTA_TUPLE_REPLY = 2;
const CTA_TUPLE_PROTO = 2;
const CTA_PROTO_SRC_PORT = 2;
const CTA_PROTO_ICMP_ID = 4;
const CTA_PROTO_ICMPV6_ID = 7;

/**
 * Reads what `decodeFlow` leaves out of the tuples of one entry: the source port of both directions,
 * of ICMP the id, 0 where there is neither. A pass of its own, for the few entries that need it.
 *
 * @throws {NetlinkError} If an attribute is malformed.
 */
export function decodePorts(view: DataView, start: number, end: number, flow: Flow): void {
  flow[SRC_PORT] = 0;
  flow[REPLY_SRC_PORT] = 0;
  for (let at = start; at < end;) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (type === CTA_TUPLE_ORIG) {
      flow[SRC_PORT] = portOfTuple(view, at + HEADER, at + length);
    } else if (type === CTA_TUPLE_REPLY) {
      flow[REPLY_SRC_PORT] = portOfTuple(view, at + HEADER, at + length);
    }
    at += (length + 3) & ~3;
  }
}

function portOfTuple(view: DataView, start: number, end: number): number {
  for (let at = start; at < end;) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (type === CTA_TUPLE_PROTO) return portOfProtocol(view, at + HEADER, at + length);
    at += (length + 3) & ~3;
  }
  return 0;
}

function portOfProtocol(view: DataView, start: number, end: number): number {
  for (let at = start; at < end;) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (
      type === CTA_PROTO_SRC_PORT || type === CTA_PROTO_ICMP_ID || type === CTA_PROTO_ICMPV6_ID
    ) {
      if (length !== HEADER + 2) throw malformed("a port has a wrong length");
      return view.getUint16(at + HEADER);
    }
    at += (length + 3) & ~3;
  }
  return 0;
}
