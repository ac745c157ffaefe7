import type { Bench } from "./bench.ts";
import { LOADED_URL, metric, startLoadedExporter } from "./loaded_exporter.ts";
import { lateWakes } from "./wakes.ts";
import { wrk } from "./wrk.ts";

const SERIES = 15_000;
const MAX_P99_MS = 10;
const MIN_ANSWERS = 200;

const LENGTH = "content-length";
const IDENTITY = { "accept-encoding": "identity" };

/** Scrapes of a real exporter whose collecting thread reads one large conntrack table after another. */
const scrapeBench: Bench = {
  name: "scrape",
  async run({ smoke }) {
    const load = smoke ? { instances: 10, entries: 2_000 } : { instances: 320, entries: 1_000_000 };
    await using exporter = await startLoadedExporter(load);
    // CPU has its first values in the second cycle.
    await exporter.nextPage();
    const page = await exporter.nextPage();
    const plainBytes = Number((await fetch(LOADED_URL, { headers: IDENTITY })).headers.get(LENGTH));
    const seconds = smoke ? 1 : 20;
    const idle = await wrk(new URL("/-/healthy", LOADED_URL).href, { clients: 1, seconds });
    const [gzip, lateMs] = await lateWakes(wrk(LOADED_URL, {
      clients: 1,
      seconds,
      headers: ["Accept-Encoding: gzip"],
    }));
    const one = await wrk(LOADED_URL, { clients: 1, seconds });
    const eight = await wrk(LOADED_URL, { clients: 8, seconds });
    const after = await exporter.nextPage();
    const inDump = (metric(after, "oie_host_conntrack_read_duration_seconds") ?? NaN) /
      (metric(after, "oie_host_collection_duration_seconds") ?? NaN);
    // Answers that are cut short would be quick.
    const isWhole = Math.min(one.answerBytes, eight.answerBytes) > 0.95 * plainBytes &&
      idle.failed + gzip.failed + one.failed + eight.failed === 0;
    const counts = (smoke || page.length >= SERIES) && isWhole;
    const what = `scrape: ${page.length} series, ${(plainBytes / 2 ** 20).toFixed(1)} MiB, ${
      metric(after, "oie_host_conntrack_entries_total")
    } entries, in a dump ${(100 * inDump).toFixed(0)} % of the time`;
    return [
      {
        what: `${what}: p99 of 1 client, gzip`,
        ours: `${gzip.p99Ms.toFixed(2)} ms`,
        against: `plain ${one.p99Ms.toFixed(2)} ms, /-/healthy ${
          idle.p99Ms.toFixed(2)
        } ms, sleeps end ${lateMs.toFixed(2)} ms late`,
        ratio: gzip.p99Ms,
        bar: `<= ${MAX_P99_MS} ms`,
        pass: counts && gzip.p99Ms <= MAX_P99_MS,
      },
      {
        what: `${what}: 8 clients, plain`,
        ours: `${eight.answersPerSecond.toFixed(0)} answers/s`,
        against: `1 client ${one.answersPerSecond.toFixed(0)} answers/s`,
        ratio: eight.answersPerSecond,
        bar: `>= ${MIN_ANSWERS} answers/s`,
        pass: counts && eight.answersPerSecond >= MIN_ANSWERS,
      },
    ];
  },
};

export default scrapeBench;
