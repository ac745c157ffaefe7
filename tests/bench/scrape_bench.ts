import type { Bench } from "./bench.ts";
import { LOADED_URL, metric, startLoadedExporter } from "./loaded_exporter.ts";

const SERIES = 15_000;
const MAX_P99_MS = 10;
const MIN_ANSWERS = 200;

const LENGTH = "content-length";
const IDENTITY = { "accept-encoding": "identity" };
const READ = /^\s+(\d+) requests in ([\d.]+\w+), ([\d.]+)([KMGT]?B) read$/m;
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
  TB: 2 ** 40,
};
const MILLISECONDS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3, m: 6e4 };

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
    const idle = await wrk(1, seconds, { url: new URL("/-/healthy", LOADED_URL).href });
    const gzip = await wrk(1, seconds, { headers: ["Accept-Encoding: gzip"] });
    const one = await wrk(1, seconds);
    const eight = await wrk(8, seconds);
    const after = await exporter.nextPage();
    const inDump = (metric(after, "oie_host_conntrack_read_duration_seconds") ?? NaN) /
      (metric(after, "oie_host_collection_duration_seconds") ?? NaN);
    // Answers that are cut short would be quick.
    const isWhole = Math.min(one.answerBytes, eight.answerBytes) > 0.95 * plainBytes;
    const counts = (smoke || page.length >= SERIES) && isWhole;
    const what = `scrape: ${page.length} series, ${(plainBytes / 2 ** 20).toFixed(1)} MiB, ${
      metric(after, "oie_host_conntrack_entries_total")
    } entries, in a dump ${(100 * inDump).toFixed(0)} % of the time`;
    return [
      {
        what: `${what}: p99 of 1 client, gzip`,
        ours: `${gzip.p99Ms.toFixed(2)} ms`,
        against: `plain ${one.p99Ms.toFixed(2)} ms, /-/healthy ${idle.p99Ms.toFixed(2)} ms`,
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

/** What a run of wrk saw. */
interface Scraped {
  readonly p99Ms: number;
  readonly answersPerSecond: number;
  /** Mean of what was read for one answer, head included. */
  readonly answerBytes: number;
}

/** Scrapes without a pause, from inside this thread's network namespace. */
async function wrk(
  clients: number,
  seconds: number,
  { url = LOADED_URL, headers = [] }: {
    readonly url?: string;
    readonly headers?: readonly string[];
  } = {},
): Promise<Scraped> {
  const more = headers.flatMap((header) => ["--header", header]);
  const args = ["-t1", `-c${clients}`, `-d${seconds}s`, "--latency", ...more, url];
  const { success, stdout } = await new Deno.Command("wrk", { args }).output();
  const text = new TextDecoder().decode(stdout);
  const [, p99, unit = ""] = /^\s+99%\s+([\d.]+)(\w+)$/m.exec(text) ?? [];
  const [, requests, , amount, size = ""] = READ.exec(text) ?? [];
  const answers = /^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1];
  const failed = /^\s*(Non-2xx|Socket errors).*$/m.exec(text)?.[0];
  if (!success || p99 === undefined || answers === undefined || failed !== undefined) {
    throw new Error(`Cannot scrape with wrk: ${failed ?? text}`);
  }
  return {
    p99Ms: Number(p99) * (MILLISECONDS[unit] ?? NaN),
    answersPerSecond: Number(answers),
    answerBytes: Number(amount) * (BYTES[size] ?? NaN) / Number(requests),
  };
}
