import { IPV4_MAPPED_WORD } from "../address/ip_address.ts";
import { SHORTEST } from "./parse_prefix.ts";

/** Where the two functions below put the length of a prefix, behind the words of its address. */
export const LENGTH_AT = 4;

const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const COLON = 0x3a;
/** Groups of an IPv6 address. */
const GROUPS = 8;

/** Where a scanned prefix ends, and the words that its address has. */
export interface ScannedPrefix {
  readonly width: 1 | 4;
  readonly end: number;
}

/**
 * Reads an address or a prefix of either family at a place of a text in bytes.
 *
 * @param words Gets the address from 0 on and the length at {@linkcode LENGTH_AT}.
 * @returns undefined where none of the usual forms stands there, or one that is refused.
 */
export function scanPrefix(
  bytes: Uint8Array,
  from: number,
  to: number,
  words: Uint32Array,
): ScannedPrefix | undefined {
  const ipv4 = scanIpv4Prefix(bytes, from, to, words);
  if (ipv4 >= 0) return { width: 1, end: ipv4 };
  const ipv6 = scanIpv6Prefix(bytes, from, to, words);
  return ipv6 < 0 ? undefined : { width: 4, end: ipv6 };
}

/**
 * Reads `a.b.c.d` or `a.b.c.d/length` at a place of a text in bytes, which is what nearly every line
 * of a long list is, without an object for it.
 *
 * @param words Gets the address at 0 and the length at {@linkcode LENGTH_AT}.
 * @returns Where it ends, or -1 where something else stands there, a prefix that is refused included.
 */
function scanIpv4Prefix(
  bytes: Uint8Array,
  from: number,
  to: number,
  words: Uint32Array,
): number {
  let at = from;
  let address = 0;
  for (let part = 0; part < 4; part++) {
    if (part > 0 && (at >= to || bytes[at++] !== DOT)) return -1;
    const begin = at;
    let value = 0;
    while (at < to && at - begin < 4) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    const digits = at - begin;
    if (digits === 0 || value > 255 || (digits > 1 && bytes[begin] === ZERO)) return -1;
    address = (address << 8) | value;
  }
  words[0] = address;
  return scanLength(bytes, at, to, words, { least: SHORTEST.ipv4, most: 32 });
}

/**
 * The same for IPv6, but for addresses that end as IPv4 ones do or are IPv4-mapped.
 *
 * @param words Gets the address from 0 on and the length at {@linkcode LENGTH_AT}.
 */
function scanIpv6Prefix(
  bytes: Uint8Array,
  from: number,
  to: number,
  words: Uint32Array,
): number {
  let at = from;
  let group = 0;
  /** Number of the group that the two colons stand before. */
  let gap = -1;
  words.fill(0, 0, 4);
  if (at + 1 < to && bytes[at] === COLON && bytes[at + 1] === COLON) {
    gap = 0;
    at += 2;
  }
  while (group < GROUPS) {
    const begin = at;
    let value = 0;
    for (; at < to && at - begin < 5; at++) {
      const digit = hexDigit(bytes[at]!);
      if (digit < 0) break;
      value = (value << 4) | digit;
    }
    const digits = at - begin;
    if (digits > 4) return -1;
    if (digits === 0) {
      // Nothing may stand behind the two colons only.
      if (gap !== group) return -1;
      break;
    }
    words[group >>> 1]! |= (group & 1) === 0 ? value << 16 : value;
    group++;
    if (at >= to || bytes[at] !== COLON) break;
    // A colon leads to another group, two of them leave some out.
    if (at + 1 < to && bytes[at + 1] === COLON) {
      if (gap >= 0) return -1;
      gap = group;
      at += 2;
    } else {
      if (group === GROUPS) return -1;
      at++;
    }
  }
  if (gap < 0 ? group !== GROUPS : group === GROUPS) return -1;
  if (gap >= 0) spread(words, group, gap);
  if (words[0] === 0 && words[1] === 0 && words[2] === IPV4_MAPPED_WORD) return -1;
  return scanLength(bytes, at, to, words, { least: SHORTEST.ipv6, most: 128 });
}

/** Moves the groups behind the gap to the end of the address. */
function spread(words: Uint32Array, count: number, gap: number): void {
  const shift = GROUPS - count;
  for (let group = count - 1; group >= gap; group--) {
    const value = groupOf(words, group);
    setGroup(words, group, 0);
    setGroup(words, group + shift, value);
  }
}

function groupOf(words: Uint32Array, group: number): number {
  const word = words[group >>> 1]!;
  return (group & 1) === 0 ? word >>> 16 : word & 0xffff;
}

function setGroup(words: Uint32Array, group: number, value: number): void {
  const word = words[group >>> 1]!;
  words[group >>> 1] = (group & 1) === 0
    ? (word & 0xffff) | (value << 16)
    : (word & 0xffff_0000) | value;
}

function hexDigit(byte: number): number {
  const digit = byte - ZERO;
  if (digit >= 0 && digit <= 9) return digit;
  const letter = (byte | 0x20) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

function scanLength(
  bytes: Uint8Array,
  from: number,
  to: number,
  words: Uint32Array,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  words[LENGTH_AT] = most;
  if (from >= to || bytes[from] !== SLASH) return from;
  let at = from + 1;
  let length = 0;
  while (at < to && at - from < 5) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) break;
    length = length * 10 + digit;
    at++;
  }
  if (at === from + 1 || bytes[from + 1] === ZERO || length < least || length > most) return -1;
  words[LENGTH_AT] = length;
  return at;
}
