import {
  type AddressWords,
  fromWords,
  IPV4_MAPPED_WORD,
  parseIpAddress,
} from "../address/ip_address.ts";
import type { PrefixTable } from "./prefix_set.ts";

/** Shortest prefixes that are taken: one error in a list must not make the whole internet a threat. */
export const SHORTEST = { ipv4: 8, ipv6: 16 } as const;

/** Why a text is no entry. */
export type Refusal =
  | "no address or prefix"
  | "prefix wider than /8"
  | "prefix wider than /16"
  | "line longer than 4096 bytes"
  | "no JSON object with a cidr";

/** An address or a prefix; an address is a prefix of full length. */
export interface Prefix {
  /** Words of the address: 1 for IPv4, 4 for IPv6. */
  readonly width: 1 | 4;
  readonly words: Uint32Array;
  readonly length: number;
}

/** Whether a prefix was refused for its size. */
export function isTooWide(refusal: Refusal): boolean {
  return refusal === "prefix wider than /8" || refusal === "prefix wider than /16";
}

/**
 * Reads an address or `address/length`, IPv4 or IPv6. `::ffff:a.b.c.d` is IPv4, and its length
 * counts from the IPv6 address's first bit; bits of the address beyond the length are ignored.
 */
export function parsePrefix(text: string): Prefix | Refusal {
  const slash = text.indexOf("/");
  const address = parseIpAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return "no address or prefix";
  const isMapped = address.family === "ipv4" && text.includes(":");
  const most = address.family === "ipv4" && !isMapped ? 32 : 128;
  let length = slash < 0 ? most : lengthOf(text.slice(slash + 1));
  if (!(length <= most)) return "no address or prefix";
  if (isMapped) length -= 96;
  if (address.family === "ipv4") {
    if (length < SHORTEST.ipv4) return "prefix wider than /8";
    return { width: 1, words: Uint32Array.of(address.words[3]), length };
  }
  if (length < SHORTEST.ipv6) return "prefix wider than /16";
  // A prefix of mapped addresses cannot come here: parseIpAddress calls it IPv4.
  return { width: 4, words: Uint32Array.from(address.words), length };
}

/** The text of the prefix at a position of a table; an address alone where the length is full. */
export function formatPrefix({ width, starts, bits }: PrefixTable, at: number): string {
  const from = at * width;
  const words: AddressWords = width === 1
    ? [0, 0, IPV4_MAPPED_WORD, starts[from] ?? 0]
    : [starts[from] ?? 0, starts[from + 1] ?? 0, starts[from + 2] ?? 0, starts[from + 3] ?? 0];
  const length = bits[at] ?? 0;
  const { text } = fromWords(words);
  return length === 32 * width ? text : `${text}/${length}`;
}

function lengthOf(text: string): number {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : NaN;
}
