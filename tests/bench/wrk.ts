const READ = /^\s+(\d+) requests in ([\d.]+\w+), ([\d.]+)([KMGT]?B) read$/m;
const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
  TB: 2 ** 40,
};
const MILLISECONDS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3, m: 6e4 };

export interface WrkOptions {
  readonly clients: number;
  readonly seconds: number;
  /** Lines such as `Accept-Encoding: gzip`. */
  readonly headers?: readonly string[];
}

/** What a run of wrk saw. */
export interface Scraped {
  readonly p99Ms: number;
  readonly answersPerSecond: number;
  /** Mean of what was read for one answer, head included. */
  readonly answerBytes: number;
  /** Answers with another status than 2xx or 3xx, and connections that broke. */
  readonly failed: number;
}

/** Scrapes without a pause, from inside this thread's network namespace. */
export async function wrk(
  url: string,
  { clients, seconds, headers = [] }: WrkOptions,
): Promise<Scraped> {
  const more = headers.flatMap((header) => ["--header", header]);
  const args = ["-t1", `-c${clients}`, `-d${seconds}s`, "--latency", ...more, url];
  const { success, stdout } = await new Deno.Command("wrk", { args }).output();
  const text = new TextDecoder().decode(stdout);
  const [, p99, unit = ""] = /^\s+99%\s+([\d.]+)(\w+)\s*$/m.exec(text) ?? [];
  const [, requests, , amount, size = ""] = READ.exec(text) ?? [];
  const answers = /^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1];
  if (!success || p99 === undefined || answers === undefined) {
    throw new Error(`Cannot scrape with wrk: ${text}`);
  }
  const failures = /^\s*(?:Non-2xx|Socket errors).*$/gm;
  return {
    p99Ms: Number(p99) * (MILLISECONDS[unit] ?? NaN),
    answersPerSecond: Number(answers),
    answerBytes: Number(amount) * (BYTES[size] ?? NaN) / Number(requests),
    failed: (text.match(failures) ?? []).flatMap((line) => line.match(/\b\d+\b(?!xx)/g) ?? [])
      .reduce((sum, count) => sum + Number(count), 0),
  };
}
