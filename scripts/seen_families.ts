import type { Family } from "../lib/metrics/family.ts";

/** Families that a machine of tests need not show, with what they wait for. */
export const MAY_BE_UNSEEN: ReadonlyMap<string, string> = new Map([
  ["oie_cpu_wait_seconds_total", "a kernel with sched_schedstats switched on"],
]);

/** What a run of all tests says of the families it saw on pages of the real program. */
export interface SeenReport {
  readonly lines: readonly string[];
  /** Whether a name is missing that any machine can show. */
  readonly isMissing: boolean;
}

/** Holds the names of the families, their own and those by convention, against those that were seen. */
export function reportSeen(
  families: readonly Pick<Family, "name" | "convention">[],
  seen: ReadonlySet<string>,
): SeenReport {
  const own = families.map(({ name }) => name);
  // Families that share one, such as those of the threat lists, are seen with the first of them.
  const twins = new Set(families.flatMap(({ convention }) => convention?.name ?? []));
  const [ofOwn, ofTwins] = [unseenOf(own, seen), unseenOf([...twins], seen)];
  const known = new Set([...own, ...twins]);
  const unknown = [...seen].filter((name) => !known.has(name));
  const unseen = [...ofOwn, ...ofTwins];
  return {
    lines: [
      `families: ${own.length - ofOwn.length} of ${own.length} seen on a real page`,
      `names by convention: ${twins.size - ofTwins.length} of ${twins.size} seen on a real page`,
      ...unseen.map((name) => {
        const reason = MAY_BE_UNSEEN.get(name);
        return reason === undefined
          ? `not seen: ${name}`
          : `not seen: ${name}, which needs ${reason}`;
      }),
      ...unknown.map((name) => `seen but not declared: ${name}`),
    ],
    isMissing: unknown.length > 0 || unseen.some((name) => !MAY_BE_UNSEEN.has(name)),
  };
}

function unseenOf(names: readonly string[], seen: ReadonlySet<string>): readonly string[] {
  return names.filter((name) => !seen.has(name));
}
