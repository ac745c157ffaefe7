import { IPV4_MAPPED_WORD } from "../address/ip_address.ts";
import {
  DST_PORT,
  type Flow,
  ORIG_DST,
  ORIG_SRC,
  PROTOCOL,
  REPLY_DST,
  REPLY_SRC,
  STATUS,
  ZONE,
} from "./flow.ts";
import { NetlinkError } from "./netlink_error.ts";

/**
 * Netlink writes lengths and types in the machine's byte order, and every machine that Deno runs on
 * is little endian. Values of conntrack are big endian.
 */
export const LITTLE_ENDIAN = true;

/** `struct nlattr {u16 nla_len; u16 nla_type}`; the length counts the header but not the padding. */
const HEADER = 4;
const LENGTH_MASK = 0xffff;
/** Without the bits NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const TYPE_MASK = 0x3fff;

// enum ctattr_type, ctattr_tuple, ctattr_ip and ctattr_l4proto of linux/netfilter/nfnetlink_conntrack.h
const CTA_TUPLE_ORIG = 1;
const CTA_TUPLE_REPLY = 2;
const CTA_STATUS = 3;
const CTA_ZONE = 18;
const CTA_TUPLE_IP = 1;
const CTA_TUPLE_PROTO = 2;
const CTA_IP_V4_SRC = 1;
const CTA_IP_V4_DST = 2;
const CTA_IP_V6_SRC = 3;
const CTA_IP_V6_DST = 4;
const CTA_PROTO_NUM = 1;
const CTA_PROTO_SRC_PORT = 2;
const CTA_PROTO_DST_PORT = 3;

/** Which addresses of a tuple were there, one bit each. */
const SOURCE = 1;
const DESTINATION = 2;
const TUPLE_BITS = 2;
const BOTH_TUPLES = 0b1111;

/** TCP, UDP, DCCP, SCTP and UDP-Lite. GRE is none: the kernel reports its key where others have ports. */
const PROTOCOLS_WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
const HAS_PORTS = Uint8Array.from(
  { length: 256 },
  (_, number) => +PROTOCOLS_WITH_PORTS.has(number),
);

/** NLA_F_NESTED of the type, where it stands in a header. */
const NESTED = 0x80000000;

// Headers and places of the two tuples as the kernel writes them for IPv4 with ports, always in this order
// (ctnetlink_dump_tuples in net/netfilter/nf_conntrack_netlink.c): addresses, protocol number, two ports.
const IPV4_TUPLE_LENGTH = 52;
const IPV4_TUPLES_LENGTH = 2 * IPV4_TUPLE_LENGTH;
const IPV4_ORIG = NESTED | (CTA_TUPLE_ORIG << 16) | IPV4_TUPLE_LENGTH;
const IPV4_REPLY = NESTED | (CTA_TUPLE_REPLY << 16) | IPV4_TUPLE_LENGTH;
const IPV4_IP = NESTED | (CTA_TUPLE_IP << 16) | 20;
const IPV4_SRC = (CTA_IP_V4_SRC << 16) | 8;
const IPV4_DST = (CTA_IP_V4_DST << 16) | 8;
const IPV4_PROTO = NESTED | (CTA_TUPLE_PROTO << 16) | 28;
const PROTO_NUM = (CTA_PROTO_NUM << 16) | 5;
const PROTO_SRC_PORT = (CTA_PROTO_SRC_PORT << 16) | 6;
const PROTO_DST_PORT = (CTA_PROTO_DST_PORT << 16) | 6;

/**
 * Reads the attributes of one conntrack entry, which lie from `start` to `end`, into the record. Nearly
 * all entries begin with the same headers, so that they are compared at once and not read one by one.
 * The loops below are alike on purpose: this runs a million times a cycle, and V8 inlines only so
 * much into one function.
 *
 * @throws {NetlinkError} If they are malformed, or one of the four addresses is missing.
 */
export function decodeFlow(view: DataView, start: number, end: number, flow: Flow): void {
  flow[PROTOCOL] = 0;
  flow[DST_PORT] = 0;
  flow[STATUS] = 0;
  flow[ZONE] = 0;
  let addresses = 0;
  let at = start;
  if (end - start >= IPV4_TUPLES_LENGTH && hasIpv4Tuples(view, start)) {
    readIpv4Tuples(view, start, flow);
    addresses = BOTH_TUPLES;
    at += IPV4_TUPLES_LENGTH;
  }
  while (at < end) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (type === CTA_TUPLE_ORIG) {
      addresses |= decodeTuple(view, at + HEADER, at + length, flow, ORIG_SRC);
    } else if (type === CTA_TUPLE_REPLY) {
      addresses |= decodeTuple(view, at + HEADER, at + length, flow, REPLY_SRC) << TUPLE_BITS;
    } else if (type === CTA_STATUS) {
      if (length !== HEADER + 4) throw malformed("a status has a wrong length");
      flow[STATUS] = view.getUint32(at + HEADER);
      // The kernel writes tuples and zone before the status (ctnetlink_fill_info): the rest, which is
      // more than half of an entry, is nobody's here.
      if (addresses === BOTH_TUPLES) break;
    } else if (type === CTA_ZONE) {
      if (length !== HEADER + 2) throw malformed("a zone has a wrong length");
      flow[ZONE] = view.getUint16(at + HEADER);
    }
    at += (length + 3) & ~3;
  }
  if (addresses !== BOTH_TUPLES) throw malformed("an entry lacks an address");
  if (HAS_PORTS[flow[PROTOCOL]] === 0) flow[DST_PORT] = 0;
}

function hasIpv4Tuples(view: DataView, at: number): boolean {
  const reply = at + IPV4_TUPLE_LENGTH;
  return (
    (view.getInt32(at, LITTLE_ENDIAN) ^ IPV4_ORIG) |
    (view.getInt32(at + 4, LITTLE_ENDIAN) ^ IPV4_IP) |
    (view.getInt32(at + 8, LITTLE_ENDIAN) ^ IPV4_SRC) |
    (view.getInt32(at + 16, LITTLE_ENDIAN) ^ IPV4_DST) |
    (view.getInt32(at + 24, LITTLE_ENDIAN) ^ IPV4_PROTO) |
    (view.getInt32(at + 28, LITTLE_ENDIAN) ^ PROTO_NUM) |
    (view.getInt32(at + 36, LITTLE_ENDIAN) ^ PROTO_SRC_PORT) |
    (view.getInt32(at + 44, LITTLE_ENDIAN) ^ PROTO_DST_PORT) |
    (view.getInt32(reply, LITTLE_ENDIAN) ^ IPV4_REPLY) |
    (view.getInt32(reply + 4, LITTLE_ENDIAN) ^ IPV4_IP) |
    (view.getInt32(reply + 8, LITTLE_ENDIAN) ^ IPV4_SRC) |
    (view.getInt32(reply + 16, LITTLE_ENDIAN) ^ IPV4_DST) |
    (view.getInt32(reply + 24, LITTLE_ENDIAN) ^ IPV4_PROTO)
  ) === 0;
}

function readIpv4Tuples(view: DataView, at: number, flow: Flow): void {
  const reply = at + IPV4_TUPLE_LENGTH;
  setIpv4(flow, ORIG_SRC, view.getUint32(at + 12));
  setIpv4(flow, ORIG_DST, view.getUint32(at + 20));
  setIpv4(flow, REPLY_SRC, view.getUint32(reply + 12));
  setIpv4(flow, REPLY_DST, view.getUint32(reply + 20));
  flow[PROTOCOL] = view.getUint8(at + 32);
  flow[DST_PORT] = view.getUint16(at + 48);
}

function setIpv4(flow: Flow, to: number, address: number): void {
  flow[to] = 0;
  flow[to + 1] = 0;
  flow[to + 2] = IPV4_MAPPED_WORD;
  flow[to + 3] = address;
}

/** Reads a tuple's addresses to `source` and the place after it; the original's protocol too. */
function decodeTuple(view: DataView, start: number, end: number, flow: Flow, source: number) {
  let addresses = 0;
  for (let at = start; at < end;) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (type === CTA_TUPLE_IP) {
      addresses |= decodeAddresses(view, at + HEADER, at + length, flow, source);
    } else if (type === CTA_TUPLE_PROTO && source === ORIG_SRC) {
      decodeProtocol(view, at + HEADER, at + length, flow);
    }
    at += (length + 3) & ~3;
  }
  return addresses;
}

function decodeAddresses(view: DataView, start: number, end: number, flow: Flow, source: number) {
  let addresses = 0;
  for (let at = start; at < end;) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (type >= CTA_IP_V4_SRC && type <= CTA_IP_V6_DST) {
      const isSource = type === CTA_IP_V4_SRC || type === CTA_IP_V6_SRC;
      const to = isSource ? source : source + (ORIG_DST - ORIG_SRC);
      addresses |= isSource ? SOURCE : DESTINATION;
      if (type <= CTA_IP_V4_DST) {
        if (length !== HEADER + 4) throw malformed("an IPv4 address has a wrong length");
        setIpv4(flow, to, view.getUint32(at + HEADER));
      } else {
        if (length !== HEADER + 16) throw malformed("an IPv6 address has a wrong length");
        flow[to] = view.getUint32(at + 4);
        flow[to + 1] = view.getUint32(at + 8);
        flow[to + 2] = view.getUint32(at + 12);
        flow[to + 3] = view.getUint32(at + 16);
      }
    }
    at += (length + 3) & ~3;
  }
  return addresses;
}

function decodeProtocol(view: DataView, start: number, end: number, flow: Flow): void {
  for (let at = start; at < end;) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (type === CTA_PROTO_NUM) {
      if (length !== HEADER + 1) throw malformed("a protocol has a wrong length");
      flow[PROTOCOL] = view.getUint8(at + HEADER);
    } else if (type === CTA_PROTO_DST_PORT) {
      if (length !== HEADER + 2) throw malformed("a port has a wrong length");
      flow[DST_PORT] = view.getUint16(at + HEADER);
    }
    at += (length + 3) & ~3;
  }
}

/**
 * Header of the attribute at `at`, type above length, which lies wholly before `end`. Places are
 * multiples of 4 and so is the buffer's size: reading the header cannot pass the buffer's end.
 */
export function readHeader(view: DataView, at: number, end: number): number {
  const header = view.getUint32(at, LITTLE_ENDIAN);
  const length = header & LENGTH_MASK;
  if (length < HEADER || length > end - at) throw malformed("an attribute has a wrong length");
  return header;
}

export function malformed(what: string): NetlinkError {
  return new NetlinkError("malformed", `Cannot decode the conntrack dump: ${what}`);
}
