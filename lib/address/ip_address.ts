import ipaddr from "ipaddr.js";

/** The `family` label of the specification. */
export type IpFamily = "ipv4" | "ipv6";

/**
 * One address as four 32-bit words, most significant first. An IPv4 address a.b.c.d is kept as the
 * IPv4-mapped IPv6 address `::ffff:a.b.c.d`, so that equal addresses have equal words.
 */
export type AddressWords = readonly [number, number, number, number];

/** Third word of every IPv4-mapped address; the first two are zero (RFC 4291, 2.5.5.2). */
export const IPV4_MAPPED_WORD = 0xffff;

/** An IP address in the two forms the program needs: numbers to compare, text to show. */
export interface IpAddress {
  readonly family: IpFamily;
  /** Canonical text: dotted decimal, or RFC 5952. */
  readonly text: string;
  readonly words: AddressWords;
}

/**
 * Reads one IP address. IPv4 is four decimal parts only; `::ffff:a.b.c.d` is IPv4; zone identifiers
 * (`fe80::1%eth0`) are no address.
 *
 * @returns undefined where the text is no address.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return fromBytes(ipaddr.IPv4.parse(text).toByteArray());
  }
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return undefined;
  return fromBytes(ipaddr.IPv6.parse(text).toByteArray());
}

function fromBytes(bytes: readonly number[]): IpAddress {
  const mapped = bytes.length === 4 ? [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...bytes] : bytes;
  const word = (at: number) =>
    ((mapped[at]! << 24) | (mapped[at + 1]! << 16) | (mapped[at + 2]! << 8) | mapped[at + 3]!) >>>
    0;
  return fromWords([word(0), word(4), word(8), word(12)]);
}

/** The address that four words mean: the inverse of {@link IpAddress.words}. */
export function fromWords(words: AddressWords): IpAddress {
  const [a, b, c, d] = words;
  if (a === 0 && b === 0 && c === IPV4_MAPPED_WORD) {
    return { family: "ipv4", text: new ipaddr.IPv4(bytesOf([d])).toString(), words };
  }
  return { family: "ipv6", text: new ipaddr.IPv6(bytesOf(words)).toRFC5952String(), words };
}

function bytesOf(words: readonly number[]): number[] {
  return words.flatMap((
    word,
  ) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
}
