import { quote } from "../config/quote.ts";

/** Whether the lines of a collector are wanted. */
export type CollectorFilter = (collector: string) => boolean;

/**
 * Reads `collect[]` and `exclude[]` of a scrape's query; undefined where it has neither. Other
 * parameters are the client's own affair, as in node_exporter.
 *
 * @param running Names of the collectors that run.
 * @throws {RangeError} If `collect[]` names none of them, or both parameters are there. `exclude[]` may name
 * what runs on other hosts only: one scrape configuration serves all.
 */
export function parseCollectorFilter(
  query: string,
  running: readonly string[],
): CollectorFilter | undefined {
  if (query === "") return undefined;
  const parameters = new URLSearchParams(query);
  const collect = parameters.getAll("collect[]");
  const exclude = parameters.getAll("exclude[]");
  if (collect.length === 0 && exclude.length === 0) return undefined;
  if (collect.length > 0 && exclude.length > 0) {
    throw new RangeError("Cannot filter: collect[] and exclude[] exclude each other");
  }
  const known = new Set(running);
  const unknown = collect.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot filter: ${quote(unknown)} is no collector that runs; these do: ${running.join(", ")}`,
    );
  }
  const named = new Set([...collect, ...exclude]);
  return (collector) => named.has(collector) === collect.length > 0;
}
