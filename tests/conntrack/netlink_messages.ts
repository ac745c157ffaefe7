import { type AddressWords, IPV4_MAPPED_WORD } from "../../lib/address/ip_address.ts";

/** One conntrack entry for a message; the reply tuple is the original turned round unless given. */
export interface EntryFields {
  readonly src: AddressWords;
  readonly dst: AddressWords;
  readonly replySrc?: AddressWords;
  readonly replyDst?: AddressWords;
  readonly protocol?: number;
  readonly dstPort?: number;
  readonly status?: number;
  readonly zone?: number;
}

export interface HeaderFields {
  readonly type?: number;
  readonly flags?: number;
  readonly sequence?: number;
  readonly portId?: number;
}

export const PORT_ID = 4711;
/** NLA_F_NESTED, which the kernel sets on each attribute that has others in it. */
const NESTED = 0x8000;

/** A netlink message with its header, padded to 4 bytes. */
export function message(payload: readonly number[], header: HeaderFields = {}): number[] {
  const { type = 0x100, flags = 2, sequence = 0, portId = PORT_ID } = header;
  const length = 16 + payload.length;
  return padded([
    ...u32(length),
    ...u16(type),
    ...u16(flags),
    ...u32(sequence),
    ...u32(portId),
    ...payload,
  ]);
}

/** A message of the kernel's for one entry: nfgenmsg, tuples, zone, status, timeout. */
export function entryMessage(
  entry: EntryFields,
  header: HeaderFields = {},
  nested = NESTED,
): number[] {
  const { src, dst, replySrc = dst, replyDst = src, protocol = 6, dstPort = 443 } = entry;
  return message([
    ...[2, 0, 0, 0],
    ...attribute(1 | nested, tuple([src, dst], protocol, dstPort, nested)),
    ...attribute(2 | nested, tuple([replySrc, replyDst], protocol, 40_000, nested)),
    ...(entry.zone === undefined ? [] : attribute(18, be16(entry.zone))),
    ...attribute(3, be32(entry.status ?? 0)),
    ...attribute(7, be32(3600)),
  ], header);
}

/** NLMSG_DONE, or NLMSG_ERROR with type 2: a result, 0 or a negative error number. */
export function resultMessage(result: number, header: HeaderFields = {}): number[] {
  return message(u32(result >>> 0), { type: 3, ...header });
}

export function attribute(type: number, value: readonly number[]): number[] {
  return padded([...u16(4 + value.length), ...u16(type), ...value]);
}

export function ipv4(a: number, b: number, c: number, d: number): AddressWords {
  return [0, 0, IPV4_MAPPED_WORD, ((a << 24) | (b << 16) | (c << 8) | d) >>> 0];
}

function tuple(
  [src, dst]: readonly [AddressWords, AddressWords],
  protocol: number,
  dstPort: number,
  nested: number,
): number[] {
  return [
    ...attribute(1 | nested, [...address(1, src), ...address(2, dst)]),
    ...attribute(2 | nested, [
      ...attribute(1, [protocol]),
      ...attribute(2, be16(50_000)),
      ...attribute(3, be16(dstPort)),
    ]),
  ];
}

function address(place: 1 | 2, words: AddressWords): number[] {
  const isIpv4 = words[0] === 0 && words[1] === 0 && words[2] === IPV4_MAPPED_WORD;
  return isIpv4 ? attribute(place, be32(words[3])) : attribute(place + 2, words.flatMap(be32));
}

function padded(bytes: number[]): number[] {
  while (bytes.length % 4 !== 0) bytes.push(0);
  return bytes;
}

const u16 = (value: number) => [value & 255, value >>> 8];
const u32 = (
  value: number,
) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
const be16 = (value: number) => u16(value).reverse();
const be32 = (value: number) => u32(value).reverse();
