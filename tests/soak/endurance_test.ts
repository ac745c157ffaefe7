import assert from "node:assert/strict";
import type { Endurance, SeenCycle } from "./endurance_scenario.ts";
import { median, type Point, quarterMedians, slopePerHour } from "./flatness.ts";

const MINUTES = Number(Deno.env.get("SOAK_MINUTES") ?? 30);
const INTERVAL_S = 1;

Deno.test(`binary holds no more after ${MINUTES} minutes of changing guests, flows, lists and scrapes`, async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-all"],
      `${import.meta.dirname}/endurance_scenario.ts`,
      String(MINUTES),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const seen: Endurance = JSON.parse(new TextDecoder().decode(stdout));
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

/** Each rise of the counter with what made the cycle before it too long. */
function skippedStarts(cycles: readonly SeenCycle[]): { why: string; isExplained: boolean }[] {
  return cycles.flatMap((cycle, at) => {
    const before = cycles[at - 1];
    if (before === undefined || cycle.skipped <= before.skipped) return [];
    const { lagSeconds, seconds, libvirtSeconds, conntrackSeconds } = before;
    const rest = seconds - libvirtSeconds - conntrackSeconds;
    const why = `${cycle.skipped - before.skipped} after a cycle of ${seconds.toFixed(2)} s, ` +
      `${lagSeconds.toFixed(2)} s late: ` +
      `libvirt ${libvirtSeconds.toFixed(2)}, conntrack ${conntrackSeconds.toFixed(2)}, rest ${
        rest.toFixed(2)
      }`;
    return [{ why, isExplained: lagSeconds + seconds >= INTERVAL_S * 0.9 }];
  });
}
