import { get } from "node:http";
import { nextAskMs } from "../../lib/live_page/schedule.ts";
import type { Bench } from "./bench.ts";
import { LOADED_URL, startLoadedExporter } from "./loaded_exporter.ts";
import { wrk } from "./wrk.ts";

const PAGES = 10;
const INTERVAL_MS = 2_000;
const ROUNDS = 10;
/** Time of a scrape with the pages open, against none: what is above 1 is this machine's noise. */
const MAX_RATIO = 1.15;
/** A cycle, the opening of a page included. */
const MAX_REQUESTS = 2.3;

/** Scrapes while ten live pages are open, against scrapes while none is. */
const openPagesBench: Bench = {
  name: "open_pages",
  async run({ smoke }) {
    const [instances, seconds, rounds] = smoke ? [10, 1, 1] : [500, 2, ROUNDS];
    const load = { instances, entries: smoke ? 2_000 : 50_000, intervalMs: INTERVAL_MS };
    await using exporter = await startLoadedExporter(load);
    await exporter.nextPage();
    await exporter.nextPage();
    const scrape = async () => (await wrk(LOADED_URL, { clients: 1, seconds })).answersPerSecond;
    const without: number[] = [];
    const among: number[] = [];
    let requests = 0;
    let cycles = 0;
    // By turns, so that whatever else this machine does counts for both.
    for (let round = 0; round < rounds; round++) {
      without.push(await scrape());
      const end = new AbortController();
      const beganMs = performance.now();
      const pages = Array.from({ length: PAGES }, () => follow(end.signal));
      among.push(await scrape());
      end.abort();
      for (const asked of await Promise.all(pages)) requests += asked;
      cycles += (performance.now() - beganMs) / INTERVAL_MS;
    }
    // The best of each: other work on this machine only ever makes a round slower.
    const [best, bestAmong] = [Math.max(...without), Math.max(...among)];
    const ratio = best / bestAmong;
    const perCycle = requests / (PAGES * cycles);
    const many = `${PAGES} live pages of ${instances} instances`;
    return [
      {
        what: `open_pages: a scrape beside ${many}`,
        ours: `${(1000 / bestAmong).toFixed(2)} ms`,
        against: `none open ${(1000 / best).toFixed(2)} ms`,
        ratio,
        bar: `<= ${MAX_RATIO} x`,
        pass: ratio <= MAX_RATIO,
      },
      {
        what: `open_pages: requests a cycle of each of ${many}, its opening included`,
        ours: perCycle.toFixed(2),
        against: "1",
        ratio: perCycle,
        bar: `<= ${MAX_REQUESTS}`,
        pass: perCycle <= MAX_REQUESTS,
      },
    ];
  },
};

export default openPagesBench;

/** Asks as an open page does until the signal; answers how often. */
async function follow(signal: AbortSignal): Promise<number> {
  let asked = 0;
  let tag = "";
  while (!signal.aborted) {
    const answer = await ask(tag);
    asked++;
    const isNew = answer.tag !== tag;
    tag = answer.tag;
    const waitMs = nextAskMs({ intervalMs: INTERVAL_MS, isNew, ageMs: undefined });
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    });
  }
  return asked;
}

/** Asks for the snapshot without unpacking it: the browsers' part runs on other machines. */
function ask(tag: string): Promise<{ readonly tag: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "accept-encoding": "gzip", "if-none-match": tag };
    get(new URL("/api/v1/node", LOADED_URL), { headers }, (response) => {
      response.resume().on("end", () => resolve({ tag: response.headers.etag ?? "" }));
    }).on("error", reject);
  });
}
