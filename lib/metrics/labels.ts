import type { LabelNames } from "./family.ts";

/** Longest label value, in Unicode code points: tenants' text is cut here. */
export const MAX_LABEL_VALUE_LENGTH = 256;

declare const labelNames: unique symbol;

/**
 * Rendered labels, `{a="x",b="y"}` or empty for none, as the UTF-8 bytes that pages are made of and
 * as nothing else: a large host has thousands of them. The type remembers the names, so that a sample of a family with other labels does not
 * compile. Make it once for as long as the labels stay, and share it.
 */
export interface LabelText<Names extends LabelNames = LabelNames> {
  readonly bytes: Uint8Array;
  /** Only the compiler knows it. */
  readonly [labelNames]?: Names;
}

/** The labels of a family that has none. */
export const NO_LABELS: LabelText<readonly []> = { bytes: new Uint8Array(0) };

const ENCODER = new TextEncoder();

/**
 * Renders label values, which may be any text, into the exposition format (text format 0.0.4,
 * "Comments, help text, and type information").
 */
export function labelText<const Names extends LabelNames>(
  names: Names,
  values: Readonly<Record<Names[number], string>>,
): LabelText<Names> {
  const pairs = names.map((name) => `${name}="${escapeLabelValue(values[name as Names[number]])}"`);
  const text = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return { bytes: ENCODER.encode(text) };
}

/** Whether two sets of labels are written alike. */
export function isSameLabels(a: LabelText, b: LabelText): boolean {
  if (a === b) return true;
  const { bytes } = a;
  const { length } = bytes;
  if (length !== b.bytes.length) return false;
  for (let at = 0; at < length; at++) if (bytes[at] !== b.bytes[at]) return false;
  return true;
}

/**
 * Cuts, repairs and escapes one label value: at most {@link MAX_LABEL_VALUE_LENGTH} code points,
 * lone surrogates replaced by U+FFFD, and so is NUL, at which Prometheus' scanner ends.
 */
export function escapeLabelValue(value: string): string {
  return boundedText(value).replace(/[\\"\n\0]/g, (character) => ESCAPES[character] ?? "");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\0": "\u{FFFD}",
};

/** Any tenant's text, cut to {@link MAX_LABEL_VALUE_LENGTH} and with lone surrogates replaced. */
export function boundedText(value: string): string {
  return cut(value).toWellFormed();
}

function cut(value: string): string {
  // A code point has at least one UTF-16 unit, so shorter text needs no count.
  if (value.length <= MAX_LABEL_VALUE_LENGTH) return value;
  const head = value.slice(0, 2 * MAX_LABEL_VALUE_LENGTH);
  return Array.from(head).slice(0, MAX_LABEL_VALUE_LENGTH).join("");
}
