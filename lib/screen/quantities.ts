const UNKNOWN = "-";
const THOUSANDS = ["", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** A number with three digits and the SI's prefix, such as `12.3M`; `-` where it is not known. */
export function short(value: number | null): string {
  return scaled(value, 1000, THOUSANDS);
}

/** Bytes with three digits and a binary prefix, such as `4.00Gi`; `-` where they are not known. */
export function binary(bytes: number | null): string {
  return scaled(bytes, 1024, BINARY);
}

/** Percent with one decimal, `-` where it is not known. */
export function percent(value: number | null): string {
  if (value === null) return UNKNOWN;
  return value.toFixed(Math.abs(value) < 99.95 ? 1 : 0);
}

/** A whole number with commas between its thousands, `-` where it is not known. */
export function count(value: number | null): string {
  return value === null ? UNKNOWN : Math.round(value).toLocaleString("en-US");
}

/** A time in its two largest units, such as `1 h 5 min`; below a minute in seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(whole, [60, "min"], [1, "s"]);
  return whole < 86_400
    ? pair(whole, [3600, "h"], [60, "min"])
    : pair(whole, [86_400, "d"], [3600, "h"]);
}

type Unit = readonly [seconds: number, name: string];

function pair(whole: number, [large, name]: Unit, [small, smallName]: Unit): string {
  const rest = Math.floor(whole % large / small);
  return `${Math.floor(whole / large)} ${name}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
}

function scaled(value: number | null, base: number, prefixes: readonly string[]): string {
  if (value === null) return UNKNOWN;
  let size = value;
  let at = 0;
  // 999.5 would be written with four digits.
  while (Math.abs(size) >= 999.5 && at < prefixes.length - 1) {
    size /= base;
    at++;
  }
  const digits = Math.abs(size);
  const decimals = digits >= 99.95 || (at === 0 && Number.isInteger(size))
    ? 0
    : digits >= 9.995
    ? 1
    : 2;
  return `${size.toFixed(decimals)}${prefixes[at]}`;
}
