import type { Bench, BenchRow } from "./bench.ts";
import { LOADED_URL, metric, startLoadedExporter } from "./loaded_exporter.ts";

const SERIES = 15_000;
const MAX_P99_MS = 10;
const MIN_ANSWERS = 200;

const MILLISECONDS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3, m: 6e4 };

/** Scrapes of a real exporter whose collecting thread reads one large conntrack table after another. */
const scrapeBench: Bench = {
  name: "scrape",
  async run({ smoke }) {
    const load = smoke ? { instances: 10, entries: 2_000 } : { instances: 340, entries: 1_000_000 };
    await using exporter = await startLoadedExporter(load);
    // CPU has its first values in the second cycle.
    await exporter.nextPage();
    const page = await exporter.nextPage();
    const seconds = smoke ? 1 : 20;
    const gzip = await wrk(1, seconds, ["--header", "Accept-Encoding: gzip"]);
    const one = await wrk(1, seconds);
    const eight = await wrk(8, seconds);
    const after = await exporter.nextPage();
    const inDump = (metric(after, "oie_host_conntrack_read_duration_seconds") ?? NaN) /
      (metric(after, "oie_host_collection_duration_seconds") ?? NaN);
    const enough = smoke || page.length >= SERIES;
    const what = `scrape of ${page.length} series, ${
      metric(after, "oie_host_conntrack_entries_total")
    } entries, dumping ${(100 * inDump).toFixed(0)} % of the time`;
    return [
      latencyRow(`${what}: p99 of 1 client, gzip`, gzip.p99Ms, enough),
      latencyRow(`${what}: p99 of 1 client, plain`, one.p99Ms, enough),
      {
        what: `${what}: 8 clients, plain`,
        ours: `${eight.answersPerSecond.toFixed(0)} answers/s`,
        against: "-",
        ratio: eight.answersPerSecond,
        bar: `>= ${MIN_ANSWERS} answers/s`,
        pass: enough && eight.answersPerSecond >= MIN_ANSWERS,
      },
    ];
  },
};

export default scrapeBench;

function latencyRow(what: string, p99Ms: number, enough: boolean): BenchRow {
  return {
    what,
    ours: `${p99Ms.toFixed(2)} ms`,
    against: "-",
    ratio: p99Ms,
    bar: `<= ${MAX_P99_MS} ms`,
    pass: enough && p99Ms <= MAX_P99_MS,
  };
}

/** Scrapes without a pause, from inside this thread's network namespace. */
async function wrk(
  clients: number,
  seconds: number,
  more: readonly string[] = [],
): Promise<{ readonly p99Ms: number; readonly answersPerSecond: number }> {
  const args = ["-t1", `-c${clients}`, `-d${seconds}s`, "--latency", ...more, LOADED_URL];
  const { success, stdout } = await new Deno.Command("wrk", { args }).output();
  const text = new TextDecoder().decode(stdout);
  const [, p99, unit = ""] = /^\s+99%\s+([\d.]+)(\w+)$/m.exec(text) ?? [];
  const answers = /^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1];
  const failed = /^\s*(Non-2xx|Socket errors).*$/m.exec(text)?.[0];
  if (!success || p99 === undefined || answers === undefined || failed !== undefined) {
    throw new Error(`Cannot scrape with wrk: ${failed ?? text}`);
  }
  return { p99Ms: Number(p99) * (MILLISECONDS[unit] ?? NaN), answersPerSecond: Number(answers) };
}
