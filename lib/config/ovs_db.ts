import { quote } from "./quote.ts";

/** The socket of Open vSwitch's database: its path, the usual one if it is there, or none. */
export type OvsDb = "auto" | `/${string}` | undefined;

/**
 * Reads `auto`, `off`, an empty text, or `unix:` and a path.
 *
 * @throws {SyntaxError} If it is none of them.
 */
export function parseOvsDb(text: string): OvsDb {
  if (text === "auto") return text;
  if (text === "" || text === "off") return undefined;
  // deno-lint-ignore no-control-regex
  const path = /^unix:(\/[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f/])$/.exec(text)?.[1];
  if (path === undefined) {
    throw new SyntaxError(`${quote(text)} is not auto, off, or a socket such as unix:/run/db.sock`);
  }
  return path as `/${string}`;
}
