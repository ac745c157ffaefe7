import { quote } from "./quote.ts";

/** Nanoseconds of each unit that Go's time.ParseDuration knows; micro has two code points. */
const UNIT_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const WHOLE = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/;
const PART = /(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;
/** Go keeps a duration in an int64 of nanoseconds, about 292 years. */
const LONGEST_NS = 2n ** 63n - 1n;
/** Digits below the nanosecond change nothing; without this bound a long text would cost much. */
const LONGEST_TEXT = 64;

/**
 * Reads a duration as Go's time.ParseDuration does: `300ms`, `1h30m`, `1.5s`, `-2m`, and `0`.
 *
 * @returns Milliseconds, fractions included; parts below a nanosecond are cut off.
 * @throws {SyntaxError} If the text is no duration, a bare number other than 0 included.
 * @throws {RangeError} If it is longer than Go can hold (about 292 years).
 */
export function parseDuration(text: string): number {
  if (/^[+-]?0$/.test(text)) return 0;
  if (text.length > LONGEST_TEXT || !WHOLE.test(text)) {
    throw new SyntaxError(`${quote(text)} is not a duration such as 300ms, 10s or 1h30m`);
  }
  let totalNs = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of text.matchAll(PART)) {
    const unitNs = UNIT_NS[unit] ?? 0n;
    totalNs += BigInt(whole || "0") * unitNs;
    totalNs += BigInt(fraction || "0") * unitNs / 10n ** BigInt(fraction.length);
  }
  if (totalNs > LONGEST_NS) throw new RangeError(`${quote(text)} is longer than 292 years`);
  return Number(text.startsWith("-") ? -totalNs : totalNs) / 1e6;
}
