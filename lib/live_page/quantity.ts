/** A number as it is shown, and its unit. */
export interface Quantity {
  readonly number: string;
  readonly unit: string;
}

/** Where a number is not known. */
export const UNKNOWN: Quantity = { number: "–", unit: "" };

const DECIMAL = ["", "k", "M", "G", "T", "P"] as const;
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi"] as const;

/** A rate or count with a decimal prefix, three digits of it, such as `12.4` and `MB/s`. */
export function scaled(value: number | null, unit: string): Quantity {
  return prefixed(value, unit, { step: 1000, prefixes: DECIMAL });
}

/** Bytes with a binary prefix, such as `8` and `GiB`. */
export function binaryBytes(value: number | null): Quantity {
  return prefixed(value, "B", { step: 1024, prefixes: BINARY });
}

/** Percent with one decimal. */
export function percent(value: number | null): Quantity {
  if (value === null) return UNKNOWN;
  return { number: value === 0 ? "0" : value.toFixed(value < 99.95 ? 1 : 0), unit: "%" };
}

/** A whole number with its thousands apart. */
export function count(value: number | null): Quantity {
  if (value === null) return UNKNOWN;
  return { number: grouped(Math.round(value)), unit: "" };
}

/** A time that something took, from nanoseconds to minutes. */
export function duration(seconds: number | null): Quantity {
  if (seconds === null) return UNKNOWN;
  if (seconds >= 100) return { number: grouped(Math.round(seconds)), unit: "s" };
  if (seconds >= 1) return { number: threeDigits(seconds), unit: "s" };
  if (seconds >= 1e-3) return { number: threeDigits(seconds * 1e3), unit: "ms" };
  return { number: threeDigits(seconds * 1e6), unit: "µs" };
}

/** How long ago something was, roughly. */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.floor(whole / 60)} min`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86_400)} days`;
}

/** A number and its unit as one text, which no line break parts. */
export function written({ number, unit }: Quantity): string {
  return unit === "" ? number : `${number}\u00a0${unit}`;
}

function prefixed(
  value: number | null,
  unit: string,
  { step, prefixes }: { readonly step: number; readonly prefixes: readonly string[] },
): Quantity {
  if (value === null) return UNKNOWN;
  let scaled = value;
  let power = 0;
  // 999.5 would be shown as 1000.
  while (scaled >= 0.9995 * step && power < prefixes.length - 1) {
    scaled /= step;
    power++;
  }
  const number = power === 0 ? baseDigits(scaled) : threeDigits(scaled);
  return { number, unit: `${prefixes[power] ?? ""}${unit}` };
}

/** Below the first prefix: decimals only where they tell something. */
function baseDigits(value: number): string {
  if (value === 0 || value >= 9.95) return String(Math.round(value));
  return value < 0.05 ? "<0.1" : value.toFixed(1);
}

function threeDigits(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return value.toFixed(value >= 9.995 ? 1 : 2);
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
