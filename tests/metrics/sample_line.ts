import { formatValue } from "../../lib/metrics/exposition.ts";
import type { LabelText } from "../../lib/metrics/labels.ts";
import type { Sample } from "../../lib/metrics/sample.ts";

const DECODER = new TextDecoder();

/** Labels as text, as they stand on the page. */
export function textOf({ bytes }: LabelText): string {
  return DECODER.decode(bytes);
}

/** The line of a sample, with its line feed: what the page must say. */
export function sampleLine({ family, labels, value }: Sample): string {
  return `${family.name}${textOf(labels)} ${formatValue(value)}\n`;
}
