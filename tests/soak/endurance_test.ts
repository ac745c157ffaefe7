import assert from "node:assert/strict";
import { runScenario } from "../e2e/run_scenario.ts";
import type { Endurance, SeenCycle } from "./endurance_scenario.ts";
import { median, type Point, quarterMedians, slopePerHour } from "./flatness.ts";

const MINUTES = Number(Deno.env.get("SOAK_MINUTES") ?? 30);
const INTERVAL_S = 1;

Deno.test(`binary holds no more after ${MINUTES} minutes of changing guests, flows, lists and scrapes`, async () => {
  const path = `${import.meta.dirname}/endurance_scenario.ts`;
  const seen = await runScenario<Endurance>(path, String(MINUTES));
  const { cycles, operations, residentMib, descriptors, threads } = seen;
  const skips = skippedStarts(cycles);
  console.log([
    `${cycles.length} cycles seen, ${seen.scrapes} scrapes (slowest ${
      seen.slowestScrapeMs.toFixed(0)
    } ms), ` +
    `${seen.refreshes} lists fetched, ${seen.entriesCreated} flows`,
    `guests: ${Object.entries(operations).map(([name, count]) => `${name} ${count}`).join(", ")}`,
    `cycle: median ${median(cycles.map(({ seconds }) => seconds)).toFixed(3)} s, ` +
    `longest ${Math.max(...cycles.map(({ seconds }) => seconds)).toFixed(3)} s`,
    ...Object.entries({ "resident MiB": residentMib, descriptors, threads }).map(describe),
    `skipped starts: ${skips.length === 0 ? "none" : ""}`,
    ...skips.map(({ why }) => `  ${why}`),
    JSON.stringify(seen.troubles),
    seen.output,
  ].join("\n"));
  const resident = quarterMedians(residentMib);
  assert.ok(resident.last <= resident.second * 1.05 + 4, JSON.stringify(resident));
  for (const points of [descriptors, threads]) {
    const { second, last } = quarterMedians(points);
    assert.ok(last <= second + 2, `${second} ${last}`);
  }
  assert.deepEqual(skips.filter(({ isExplained }) => !isExplained), []);
  const begun = MINUTES * 60 / INTERVAL_S - (cycles.at(-1)?.skipped ?? 0);
  assert.ok(cycles.length >= 0.9 * begun, `${cycles.length} of some ${begun} cycles were seen`);
  assert.equal(Object.keys(operations).length, 7, "each kind of change");
});

function describe([name, points]: readonly [string, readonly Point[]]): string {
  const { second, last } = quarterMedians(points);
  const rest = points.slice(Math.floor(points.length / 4));
  return `${name}: median ${second.toFixed(1)} in the second quarter, ${
    last.toFixed(1)
  } in the last, ` +
    `slope ${slopePerHour(rest).toFixed(2)} an hour after the first`;
}

/** When it was due. */
function dueAt({ endedAt, seconds, lagSeconds }: SeenCycle): number {
  return endedAt - seconds - lagSeconds;
}

/**
 * Each rise of the counter with what made the cycle before it too long. Pages that came late may have
 * hidden that cycle: its page was replaced before anyone scraped it, and nobody can say.
 */
function skippedStarts(cycles: readonly SeenCycle[]): { why: string; isExplained: boolean }[] {
  return cycles.flatMap((cycle, at) => {
    const before = cycles[at - 1];
    if (before === undefined || cycle.skipped <= before.skipped) return [];
    const count = cycle.skipped - before.skipped;
    if (dueAt(cycle) - dueAt(before) > (count + 1.5) * INTERVAL_S) {
      return [{ why: `${count} after a cycle that was not seen`, isExplained: true }];
    }
    const { lagSeconds, seconds, libvirtSeconds, conntrackSeconds } = before;
    const rest = seconds - libvirtSeconds - conntrackSeconds;
    const why = `${count} after a cycle of ${seconds.toFixed(2)} s, ` +
      `${lagSeconds.toFixed(2)} s late: ` +
      `libvirt ${libvirtSeconds.toFixed(2)}, conntrack ${conntrackSeconds.toFixed(2)}, rest ${
        rest.toFixed(2)
      }`;
    return [{ why, isExplained: lagSeconds + seconds >= INTERVAL_S * 0.9 }];
  });
}
