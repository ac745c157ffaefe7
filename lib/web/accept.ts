import { parseWeightedList } from "./weighted_list.ts";

const OPEN_METRICS = "application/openmetrics-text";
const VERSION = "1.0.0";
const TEXT = "text/plain";

/**
 * Tells whether a client would rather have OpenMetrics 1.0 than the text format, by its Accept header
 * (RFC 9110, 12.5.1). It must name it: browsers and curl, which take anything, get text.
 *
 * @param header Null when the client sent none.
 */
export function prefersOpenMetrics(header: string | null): boolean {
  if (header === null) return false;
  let openMetrics = 0;
  let text = 0;
  for (const { value, parameters, quality } of parseWeightedList(header)) {
    const version = parameters.get("version");
    if (value === OPEN_METRICS && (version === undefined || version === VERSION)) {
      openMetrics = Math.max(openMetrics, quality);
    } else if (value === TEXT) {
      text = Math.max(text, quality);
    }
  }
  return openMetrics > 0 && openMetrics >= text;
}
