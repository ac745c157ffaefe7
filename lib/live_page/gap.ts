import type { NodeSnapshot } from "../live/node_schema.ts";

/** Cycles that a page may miss before it asks for what the exporter remembers of them. */
const MISSED_CYCLES = 3;

/** What tells one exporter's data from another's, and older from newer. */
export interface Moment {
  readonly exporter: Pick<NodeSnapshot["exporter"], "started_at">;
  readonly cycle: Pick<NodeSnapshot["cycle"], "collected_at" | "interval_seconds">;
}

/**
 * Whether the exporter remembers points that a page has not: those before the page was opened, those
 * of a time in which it was away, and all of another exporter's once that one has any.
 *
 * @param before What was shown until now; undefined at the start.
 */
export function hasGap(before: Moment | undefined, { exporter, cycle }: Moment): boolean {
  if (cycle.collected_at === null) return false;
  if (before?.exporter.started_at !== exporter.started_at) return true;
  const away = cycle.collected_at - (before.cycle.collected_at ?? -Infinity);
  return away > MISSED_CYCLES * cycle.interval_seconds;
}
