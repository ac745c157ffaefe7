/** Most points of an instance, however long the history and however short the interval. */
const MOST_POINTS = 360;

/** How a history divides time. */
export interface HistoryFrame {
  readonly points: number;
  readonly stepMs: number;
  readonly cyclesPerPoint: number;
}

/**
 * Divides a history into points of a whole number of cycles.
 *
 * @returns undefined where the history is switched off.
 */
export function historyFrame(
  { historyMs, intervalMs }: { readonly historyMs: number; readonly intervalMs: number },
): HistoryFrame | undefined {
  if (historyMs <= 0) return undefined;
  const cycles = Math.ceil(historyMs / intervalMs);
  const cyclesPerPoint = Math.ceil(cycles / MOST_POINTS);
  return {
    points: Math.ceil(cycles / cyclesPerPoint),
    stepMs: cyclesPerPoint * intervalMs,
    cyclesPerPoint,
  };
}
