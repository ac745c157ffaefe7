import { COLLECTORS } from "../../lib/collectors/collectors.ts";
import { Exporter } from "../../lib/exporter.ts";
import { configOf } from "../collectors/readings.ts";
import { BEHAVIOR_FLAGS, type Bench, type BenchRow } from "./bench.ts";
import { median } from "./median.ts";
import { SyntheticHost } from "./synthetic_host.ts";

const BAR = 1.1;
const WARM_UP = 10;

/** Rendering a page by the names of the conventions against the same by those of the specification. */
const namingBench: Bench = {
  name: "naming",
  run({ smoke }) {
    return Promise.resolve([smoke ? compare(20, 3) : compare(500, 61)]);
  },
};

export default namingBench;

function compare(instances: number, rounds: number): BenchRow {
  const host = new SyntheticHost(instances);
  const exporters = [exporterOf("prometheus"), exporterOf("oie")] as const;
  const times: [number[], number[]] = [[], []];
  let series = 0;
  for (let turn = -WARM_UP; turn < rounds; turn++) {
    const readings = host.cycle(turn + WARM_UP);
    for (const exporter of exporters) series = exporter.update(readings).series;
    // Each goes first as often as the other: who does pays for the garbage of the collecting.
    for (const which of turn % 2 === 0 ? [0, 1] as const : [1, 0] as const) {
      const startedAt = performance.now();
      // The page of what the caches hold, without collecting.
      exporters[which].firstPage();
      if (turn >= 0) times[which].push(performance.now() - startedAt);
    }
  }
  const [conventional, ours] = times.map(median);
  // Of pairs: what else the machine does slows both halves of one.
  const ratio = median(times[0].map((ms, round) => ms / (times[1][round] ?? NaN)));
  return {
    what: `naming: render ${instances} instances, ${series} series, by Prometheus' conventions`,
    ours: `${conventional?.toFixed(1)} ms`,
    against: `by the specification's names ${ours?.toFixed(1)} ms`,
    ratio,
    bar: `<= ${BAR.toFixed(2)} x`,
    // Whoever chooses the conventions shall not pay for it.
    pass: ratio <= BAR,
  };
}

function exporterOf(naming: string): Exporter {
  return new Exporter(configOf(...BEHAVIOR_FLAGS, `-metrics.names=${naming}`), {
    build: { version: "0.0.0", revision: "none", deno: "0.0.0", arch: "none" },
    clock: { now: () => performance.now(), wall: () => Date.now() },
    collectors: COLLECTORS,
    ownResources: () => ({ heapUsed: 0, process: {} }),
  });
}
