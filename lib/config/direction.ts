import { quote } from "./quote.ts";

/** Which contacts with a listed address count, seen from the instance. */
export const DIRECTIONS = ["out", "in", "any"] as const;

export type Direction = (typeof DIRECTIONS)[number];

/**
 * Reads a direction.
 *
 * @returns The direction; undefined for an empty text, which inherits the default.
 * @throws {SyntaxError} If it is none of out, in and any.
 */
export function parseDirection(text: string): Direction | undefined {
  if (text === "") return undefined;
  const direction = DIRECTIONS.find((known) => known === text);
  if (direction === undefined) throw new SyntaxError(`${quote(text)} is not out, in or any`);
  return direction;
}
