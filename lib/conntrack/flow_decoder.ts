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

/** Byte order of the machine, in which netlink writes lengths and types; values are big endian. */
export const NATIVE_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** `struct nlattr {u16 nla_len; u16 nla_type}`; the length counts the header but not the padding. */
const ATTRIBUTE_HEADER = 4;
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
const CTA_PROTO_DST_PORT = 3;

/** Which addresses of an entry were there, one bit each. */
const SOURCE = 1;
const DESTINATION = 2;
const BOTH_TUPLES = 0b1111;

/** TCP, UDP, DCCP, SCTP and UDP-Lite. GRE is none: the kernel reports its key where others have ports. */
const PROTOCOLS_WITH_PORTS: readonly number[] = [6, 17, 33, 132, 136];
const HAS_PORTS = new Uint8Array(256);
for (const protocol of PROTOCOLS_WITH_PORTS) HAS_PORTS[protocol] = 1;

/**
 * Reads the attributes of one conntrack entry, which lie from `start` to `end`, into the record.
 *
 * @throws {NetlinkError} If they are malformed, or one of the four addresses is missing.
 */
export function decodeFlow(view: DataView, start: number, end: number, flow: Flow): void {
  flow[PROTOCOL] = 0;
  flow[DST_PORT] = 0;
  flow[STATUS] = 0;
  flow[ZONE] = 0;
  let addresses = 0;
  for (let at = start; at < end;) {
    const length = attributeLength(view, at, end);
    const body = at + ATTRIBUTE_HEADER;
    switch (attributeType(view, at)) {
      case CTA_TUPLE_ORIG:
        addresses |= decodeTuple(view, body, at + length, flow, ORIG_SRC, ORIG_DST);
        break;
      case CTA_TUPLE_REPLY:
        addresses |= decodeTuple(view, body, at + length, flow, REPLY_SRC, REPLY_DST) << 2;
        break;
      case CTA_STATUS:
        expectLength(length, 4);
        flow[STATUS] = view.getUint32(body);
        break;
      case CTA_ZONE:
        expectLength(length, 2);
        flow[ZONE] = view.getUint16(body);
        break;
    }
    at += (length + 3) & ~3;
  }
  if (addresses !== BOTH_TUPLES) throw malformed("an entry lacks an address");
  if (HAS_PORTS[flow[PROTOCOL]] === 0) flow[DST_PORT] = 0;
}

function decodeTuple(
  view: DataView,
  start: number,
  end: number,
  flow: Flow,
  source: number,
  destination: number,
): number {
  let addresses = 0;
  for (let at = start; at < end;) {
    const length = attributeLength(view, at, end);
    const body = at + ATTRIBUTE_HEADER;
    switch (attributeType(view, at)) {
      case CTA_TUPLE_IP:
        addresses |= decodeAddresses(view, body, at + length, flow, source, destination);
        break;
      case CTA_TUPLE_PROTO:
        if (source === ORIG_SRC) decodeProtocol(view, body, at + length, flow);
        break;
    }
    at += (length + 3) & ~3;
  }
  return addresses;
}

function decodeAddresses(
  view: DataView,
  start: number,
  end: number,
  flow: Flow,
  source: number,
  destination: number,
): number {
  let addresses = 0;
  for (let at = start; at < end;) {
    const length = attributeLength(view, at, end);
    const body = at + ATTRIBUTE_HEADER;
    switch (attributeType(view, at)) {
      case CTA_IP_V4_SRC:
        decodeIpv4(view, body, length, flow, source);
        addresses |= SOURCE;
        break;
      case CTA_IP_V4_DST:
        decodeIpv4(view, body, length, flow, destination);
        addresses |= DESTINATION;
        break;
      case CTA_IP_V6_SRC:
        decodeIpv6(view, body, length, flow, source);
        addresses |= SOURCE;
        break;
      case CTA_IP_V6_DST:
        decodeIpv6(view, body, length, flow, destination);
        addresses |= DESTINATION;
        break;
    }
    at += (length + 3) & ~3;
  }
  return addresses;
}

function decodeIpv4(view: DataView, body: number, length: number, flow: Flow, to: number): void {
  expectLength(length, 4);
  flow[to] = 0;
  flow[to + 1] = 0;
  flow[to + 2] = IPV4_MAPPED_WORD;
  flow[to + 3] = view.getUint32(body);
}

function decodeIpv6(view: DataView, body: number, length: number, flow: Flow, to: number): void {
  expectLength(length, 16);
  flow[to] = view.getUint32(body);
  flow[to + 1] = view.getUint32(body + 4);
  flow[to + 2] = view.getUint32(body + 8);
  flow[to + 3] = view.getUint32(body + 12);
}

function decodeProtocol(view: DataView, start: number, end: number, flow: Flow): void {
  for (let at = start; at < end;) {
    const length = attributeLength(view, at, end);
    const body = at + ATTRIBUTE_HEADER;
    switch (attributeType(view, at)) {
      case CTA_PROTO_NUM:
        expectLength(length, 1);
        flow[PROTOCOL] = view.getUint8(body);
        break;
      case CTA_PROTO_DST_PORT:
        expectLength(length, 2);
        flow[DST_PORT] = view.getUint16(body);
        break;
    }
    at += (length + 3) & ~3;
  }
}

/** Length of the attribute at `at`, which lies wholly before `end`. */
function attributeLength(view: DataView, at: number, end: number): number {
  if (end - at < ATTRIBUTE_HEADER) throw malformed("an attribute is cut off");
  const length = view.getUint16(at, NATIVE_LITTLE_ENDIAN);
  if (length < ATTRIBUTE_HEADER || length > end - at) {
    throw malformed("an attribute's length is wrong");
  }
  return length;
}

function attributeType(view: DataView, at: number): number {
  return view.getUint16(at + 2, NATIVE_LITTLE_ENDIAN) & TYPE_MASK;
}

function expectLength(length: number, payload: number): void {
  if (length !== payload + ATTRIBUTE_HEADER) throw malformed("a value's length is wrong");
}

function malformed(what: string): NetlinkError {
  return new NetlinkError("malformed", `Cannot decode the conntrack dump: ${what}`);
}
