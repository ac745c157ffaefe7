import { gzipSync } from "node:zlib";
import { COLLECTORS } from "../../lib/collectors/collectors.ts";
import { Exporter } from "../../lib/exporter.ts";
import { configOf } from "../collectors/readings.ts";
import { BEHAVIOR_FLAGS, type Bench, type BenchRow } from "./bench.ts";
import { median } from "./median.ts";
import { SyntheticHost } from "./synthetic_host.ts";

const BAR = 1.0;
const WARM_UP = 10;

/** Collecting and rendering a page against compressing that same page once. */
const pageBench: Bench = {
  name: "page",
  run({ smoke }) {
    return smoke ? compare(20, 3) : compare(500, 41);
  },
};

export default pageBench;

async function compare(instances: number, rounds: number): Promise<readonly BenchRow[]> {
  const host = new SyntheticHost(instances);
  const clock = { now: () => performance.now(), wall: () => Date.now() };
  const exporter = new Exporter(configOf(...BEHAVIOR_FLAGS), {
    build: { version: "0.0.0", revision: "none", deno: "0.0.0", arch: "none" },
    clock,
    collectors: COLLECTORS,
    ownResources: () => ({ heapUsed: 0, process: {} }),
  });
  const file = await Deno.makeTempFile({ prefix: "oie-page-" });
  const ours: number[] = [];
  const program: number[] = [];
  const library: number[] = [];
  let series = 0;
  let bytes = 0;
  try {
    for (let turn = -WARM_UP; turn < rounds; turn++) {
      const readings = host.cycle(turn + WARM_UP);
      const startedAt = performance.now();
      const page = exporter.update(readings);
      const oursMs = performance.now() - startedAt;
      await Deno.writeFile(file, page.text.body);
      const programMs = gzipProgram(file);
      const libraryMs = gzipLibrary(page.text.body);
      series = page.series;
      bytes = page.text.body.length;
      if (turn < 0) continue;
      ours.push(oursMs);
      program.push(programMs);
      library.push(libraryMs);
    }
  } finally {
    await Deno.remove(file);
  }
  const against = Math.min(median(program), median(library));
  const ratio = median(ours) / against;
  return [{
    what: `page: collect and render ${instances} instances, ${series} series, ${
      (bytes / 2 ** 20).toFixed(1)
    } MiB`,
    ours: `${median(ours).toFixed(1)} ms`,
    against: `gzip -6: program ${median(program).toFixed(1)} ms, library ${
      median(library).toFixed(1)
    } ms`,
    ratio,
    bar: `<= ${BAR.toFixed(2)} x`,
    pass: ratio <= BAR && (instances < 500 || series >= 20_000),
  }];
}

/** Milliseconds that the gzip program takes for a file, from start to end. */
function gzipProgram(file: string): number {
  const command = new Deno.Command("gzip", { args: ["-6", "-c", file], stdout: "null" });
  const startedAt = performance.now();
  const { success } = command.outputSync();
  const elapsedMs = performance.now() - startedAt;
  if (!success) throw new Error("Cannot compare: gzip failed");
  return elapsedMs;
}

/** Milliseconds that zlib takes for the same bytes within this process. */
function gzipLibrary(page: Uint8Array): number {
  const startedAt = performance.now();
  gzipSync(page, { level: 6 });
  return performance.now() - startedAt;
}
