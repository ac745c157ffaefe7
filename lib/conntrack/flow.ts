/**
 * One conntrack entry as numbers: a record that the decoder overwrites for each entry, so that a
 * million of them cost no object. The constants below are its fields; an address takes four of
 * them, in the form of `AddressWords`.
 */
export type Flow = Uint32Array;

export const ORIG_SRC = 0;
export const ORIG_DST = 4;
export const REPLY_SRC = 8;
export const REPLY_DST = 12;
/** IP protocol number. */
export const PROTOCOL = 16;
/** Destination port of the original direction; 0 for protocols without ports. */
export const DST_PORT = 17;
/** Bits of `enum ip_conntrack_status`. */
export const STATUS = 18;
/** Conntrack zone; 0 is the default zone. */
export const ZONE = 19;

/** Source port of either direction, of ICMP the id; there after `readPorts` only. */
export const SRC_PORT = 20;
export const REPLY_SRC_PORT = 21;

/** The kernel's id of the entry, and its counters, of two words each; read only where asked for. */
export const ENTRY_ID = 22;
export const ORIG_PACKETS = 23;
export const ORIG_BYTES = 25;
export const REPLY_PACKETS = 27;
export const REPLY_BYTES = 29;
/** 1 where the entry has counters. */
export const COUNTERS_SEEN = 31;

const FIELDS = 32;

/** Has more of an entry than its record, which few need. */
export interface EntrySource {
  /** Writes the source ports of the entry that is being handed over to its record. */
  readPorts(): void;
}

/** What takes the entries of a dump one by one. The record is overwritten after the call. */
export interface FlowSink {
  /** @param source is left out where the record is complete. */
  flow(flow: Flow, source?: EntrySource): void;
}

/** A record for one entry at a time. */
export function createFlow(): Flow {
  return new Uint32Array(FIELDS);
}

/** Whether the addresses at two places of a record, or of two records, are the same. */
export function sameAddress(flow: Flow, at: number, other: Flow, otherAt: number): boolean {
  return flow[at + 3] === other[otherAt + 3] && flow[at + 2] === other[otherAt + 2] &&
    flow[at + 1] === other[otherAt + 1] && flow[at] === other[otherAt];
}
