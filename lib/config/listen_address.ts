import ipaddr from "ipaddr.js";
import { quote } from "./quote.ts";

/** An address to serve on. */
export interface ListenAddress {
  /** A name, an IPv4 or an IPv6 address without brackets; empty for every address of the machine. */
  readonly hostname: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
}

const FORM = /^(?:\[([^\[\]]*)\]|([^\[\]:]*)):(\d{1,5})$/;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/**
 * Reads listen addresses: `host:port`, `:port` or `[::1]:port`, several separated by commas.
 *
 * @throws {SyntaxError} If one has another form.
 * @throws {RangeError} If a port is above 65535.
 */
export function parseListenAddresses(text: string): readonly ListenAddress[] {
  return text.split(",").map((part) => parseListenAddress(part.trim()));
}

/** Shows an address as it is written in a flag or a URL: IPv6 in brackets. */
export function formatListenAddress({ hostname, port }: ListenAddress): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

function parseListenAddress(text: string): ListenAddress {
  const [, bracketed, plain = "", digits = ""] = FORM.exec(text) ?? [];
  const good = bracketed === undefined
    ? digits !== "" && isHost(plain)
    : ipaddr.IPv6.isValid(bracketed);
  if (!good || bracketed?.includes("%")) {
    throw new SyntaxError(`${quote(text)} is not host:port, :port or [::1]:port`);
  }
  const port = Number(digits);
  if (port > 65_535) throw new RangeError(`${quote(text)} has a port above 65535`);
  return { hostname: bracketed ?? plain, port };
}

function isHost(text: string): boolean {
  if (text === "") return true;
  // Digits and dots are an attempt at an address: "300.1.1.1" must not be asked of the resolver.
  return /^[\d.]+$/.test(text) ? ipaddr.IPv4.isValidFourPartDecimal(text) : NAME.test(text);
}
