/** Families that a machine of tests need not show, with what they wait for. */
export const MAY_BE_UNSEEN: ReadonlyMap<string, string> = new Map([
  ["oie_cpu_wait_seconds_total", "a kernel with sched_schedstats switched on"],
]);

/** What a run of all tests says of the families it saw on pages of the real program. */
export interface SeenReport {
  readonly lines: readonly string[];
  /** Whether a family is missing that any machine can show. */
  readonly isMissing: boolean;
}

/** Holds the declared names against those that were seen. */
export function reportSeen(declared: readonly string[], seen: ReadonlySet<string>): SeenReport {
  const unseen = declared.filter((name) => !seen.has(name));
  const unknown = [...seen].filter((name) => !declared.includes(name));
  const lines = [
    `families: ${declared.length - unseen.length} of ${declared.length} seen on a real page`,
    ...unseen.map((name) => {
      const reason = MAY_BE_UNSEEN.get(name);
      return reason === undefined
        ? `not seen: ${name}`
        : `not seen: ${name}, which needs ${reason}`;
    }),
    ...unknown.map((name) => `seen but not declared: ${name}`),
  ];
  const isMissing = unknown.length > 0 || unseen.some((name) => !MAY_BE_UNSEEN.has(name));
  return { lines, isMissing };
}
