import {
  COUNTERS_SEEN,
  ENTRY_ID,
  type Flow,
  ORIG_BYTES,
  ORIG_PACKETS,
  REPLY_BYTES,
  REPLY_PACKETS,
} from "./flow.ts";
import { LITTLE_ENDIAN, malformed, readHeader } from "./flow_decoder.ts";

const HEADER = 4;
const LENGTH_MASK = 0xffff;
/** Without the bits NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const TYPE_MASK = 0x3fff;

// enum ctattr_type and ctattr_counters of linux/netfilter/nfnetlink_conntrack.h
const CTA_COUNTERS_ORIG = 9;
const CTA_COUNTERS_REPLY = 10;
const CTA_ID = 12;
const CTA_COUNTERS_PACKETS = 1;
const CTA_COUNTERS_BYTES = 2;

/**
 * Reads what `decodeFlow` leaves out of the attributes of one entry: its id, and its counters, which
 * the kernel writes where `nf_conntrack_acct` was on when the entry was made. A pass of its own, so
 * that it costs nothing where nobody asks for it.
 *
 * @throws {NetlinkError} If an attribute is malformed.
 */
export function decodeCounters(view: DataView, start: number, end: number, flow: Flow): void {
  flow.fill(0, ENTRY_ID);
  for (let at = start; at < end;) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (type === CTA_ID) {
      if (length !== HEADER + 4) throw malformed("an id has a wrong length");
      flow[ENTRY_ID] = view.getUint32(at + HEADER, LITTLE_ENDIAN);
    } else if (type === CTA_COUNTERS_ORIG) {
      decodeDirection(view, at + HEADER, at + length, flow, ORIG_PACKETS, ORIG_BYTES);
    } else if (type === CTA_COUNTERS_REPLY) {
      decodeDirection(view, at + HEADER, at + length, flow, REPLY_PACKETS, REPLY_BYTES);
    }
    at += (length + 3) & ~3;
  }
}

/** Reads the 64-bit counters of one direction, each into two words. */
function decodeDirection(
  view: DataView,
  start: number,
  end: number,
  flow: Flow,
  packets: number,
  bytes: number,
): void {
  for (let at = start; at < end;) {
    const header = readHeader(view, at, end);
    const length = header & LENGTH_MASK;
    const type = (header >>> 16) & TYPE_MASK;
    if (type === CTA_COUNTERS_PACKETS || type === CTA_COUNTERS_BYTES) {
      if (length !== HEADER + 8) throw malformed("a counter has a wrong length");
      const to = type === CTA_COUNTERS_PACKETS ? packets : bytes;
      flow[to] = view.getUint32(at + HEADER);
      flow[to + 1] = view.getUint32(at + HEADER + 4);
      flow[COUNTERS_SEEN] = 1;
    }
    at += (length + 3) & ~3;
  }
}
