import { parseDecimal } from "./numbers.ts";
import { quote } from "./quote.ts";

/**
 * Reads alert thresholds by disk tier, such as `default:500,local:200,ultra:2500`. The number stands
 * behind the last colon, so a tier's name may hold one; the text of a name stays text (`007`).
 *
 * @returns Tier to threshold, in the order of the text; empty for an empty list.
 * @throws {SyntaxError} If an entry has another form, or a tier comes twice.
 * @throws {RangeError} If a number is negative or too large.
 */
export function parseThresholds(text: string): ReadonlyMap<string, number> {
  const thresholds = new Map<string, number>();
  if (text.trim() === "") return thresholds;
  for (const entry of text.split(",")) {
    const colon = entry.lastIndexOf(":");
    const tier = entry.slice(0, Math.max(colon, 0)).trim();
    if (tier === "") {
      throw new SyntaxError(`${quote(entry)} is not tier:number, such as local:200`);
    }
    if (thresholds.has(tier)) {
      throw new SyntaxError(`${quote(entry)} sets tier ${quote(tier)} a second time`);
    }
    thresholds.set(tier, thresholdOf(entry, entry.slice(colon + 1).trim()));
  }
  return thresholds;
}

function thresholdOf(entry: string, number: string): number {
  try {
    return parseDecimal(number);
  } catch (error) {
    const why = error instanceof RangeError ? error.message : `${quote(number)} is not a number`;
    const form = `${quote(entry)} is not tier:number, such as local:200: ${why}`;
    throw error instanceof RangeError ? new RangeError(form) : new SyntaxError(form);
  }
}
