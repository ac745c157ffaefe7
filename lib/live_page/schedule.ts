/** Age that data has where it is asked for soon after it came; the date of an answer has whole seconds. */
const YOUNG_MS = 1_500;
const LONGEST_RETRY_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const SOONEST_MS = 100;

/**
 * How long to wait for the next asking: one interval, less what brings it closer to the moment at which
 * a cycle ends. Data that is the same as before will be there soon.
 */
export function nextAskMs(
  { intervalMs, isNew, ageMs = 0 }: {
    readonly intervalMs: number;
    readonly isNew: boolean;
    readonly ageMs: number | undefined;
  },
): number {
  if (!isNew) return Math.max(SOONEST_MS, Math.min(1_000, intervalMs / 4));
  const late = Math.max(0, ageMs - YOUNG_MS);
  return Math.max(SOONEST_MS, intervalMs / 2, intervalMs - late);
}

/** How long to wait after so many failures. */
export function retryMs(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
}
