import { Crowd } from "../e2e/crowd.ts";
import type { Bench } from "./bench.ts";
import { LOADED_URL, startLoadedExporter } from "./loaded_exporter.ts";
import { wrk } from "./wrk.ts";

const MAX_P99_MS = 50;
const MAX_GROWTH_MIB = 200;
const SCRAPERS = 500;
const NUISANCES = {
  halfOpen: 1000,
  slowReader: 60,
  hugeHead: 10,
  openBody: 10,
  noHttp: 10,
  badMethod: 10,
  pathTrick: 10,
};
/** Until then the readers take all places: only one who stands still for a while has to go. */
const SETTLE_MS = 2_000;

/** Scrapes of one honest client while others do what they can to keep it out, then of very many. */
const crowdBench: Bench = {
  name: "crowd",
  async run({ smoke }) {
    const load = smoke ? { instances: 10, entries: 2_000 } : { instances: 320, entries: 20_000 };
    const seconds = smoke ? 1 : 10;
    await using exporter = await startLoadedExporter(load);
    await exporter.nextPage();
    await exporter.nextPage();
    const { hostname, port } = new URL(LOADED_URL);
    const alone = await wrk(LOADED_URL, { clients: 1, seconds });
    const before = residentMiB(exporter.pid);
    let among;
    {
      await using _crowd = new Crowd({ hostname, port: Number(port) }, NUISANCES);
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      among = await wrk(LOADED_URL, { clients: 1, seconds });
    }
    const many = await wrk(LOADED_URL, { clients: SCRAPERS, seconds });
    const grownMiB = residentMiB(exporter.pid) - before;
    return [
      {
        what: `crowd: p99 of 1 client among ${NUISANCES.halfOpen} half-open connections, ` +
          `${NUISANCES.slowReader} clients that do not read, and others`,
        ours: `${among.p99Ms.toFixed(2)} ms, ${among.failed} failed`,
        against: `alone ${alone.p99Ms.toFixed(2)} ms`,
        ratio: among.p99Ms,
        bar: `<= ${MAX_P99_MS} ms`,
        pass: among.p99Ms <= MAX_P99_MS && among.failed === 0,
      },
      {
        what: `crowd: memory after all of them and ${SCRAPERS} scrapers at once`,
        ours: `+${grownMiB.toFixed(0)} MiB`,
        against: `${many.answersPerSecond.toFixed(0)} answers/s, ${many.failed} of them 503`,
        ratio: grownMiB,
        bar: `<= ${MAX_GROWTH_MIB} MiB`,
        pass: grownMiB <= MAX_GROWTH_MIB,
      },
    ];
  },
};

export default crowdBench;

function residentMiB(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
