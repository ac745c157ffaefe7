import { parseWeightedList } from "./weighted_list.ts";

const OPEN_METRICS = "application/openmetrics-text";
const VERSION = "1.0.0";
/** Ranges that have the text format, the most specific one first, which is the one that counts. */
const TEXT_RANGES = ["text/plain", "text/*", "*/*"];

/**
 * Tells whether a client would rather have OpenMetrics 1.0 than the text format, by its Accept header
 * (RFC 9110, 12.5.1). It must name it: browsers and curl, which take anything, get text.
 *
 * @param header Null when the client sent none.
 */
export function prefersOpenMetrics(header: string | null): boolean {
  if (header === null) return false;
  let versioned: number | undefined;
  let bare = 0;
  const weights = new Map<string, number>();
  for (const { value, parameters, quality } of parseWeightedList(header)) {
    const version = parameters.get("version");
    if (value === OPEN_METRICS) {
      if (version === VERSION) versioned = Math.max(versioned ?? 0, quality);
      else if (version === undefined) bare = Math.max(bare, quality);
    } else {
      weights.set(value, Math.max(weights.get(value) ?? 0, quality));
    }
  }
  const openMetrics = versioned ?? bare;
  const range = TEXT_RANGES.find((range) => weights.has(range));
  const text = range === undefined ? 0 : weights.get(range) ?? 0;
  return openMetrics > 0 && openMetrics >= text;
}
