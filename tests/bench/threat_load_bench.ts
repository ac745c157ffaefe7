import { ExporterProcess } from "../../scripts/demo/exporter_process.ts";
import { parsePage } from "../../scripts/demo/page.ts";
import { parseStatus } from "../../lib/reading/process_reader.ts";
import { buildIndex } from "../../lib/threat/build_index.ts";
import { readListFile } from "../../lib/threat/feed_file.ts";
import { entriesOf, type PrefixSet } from "../../lib/threat/prefix_set.ts";
import { byteLengthOf } from "../../lib/threat/threat_index.ts";
import { BINARY } from "../e2e/exporter_binary.ts";
import { freePort, waitUntil } from "../e2e/wait_until.ts";
import type { Bench, BenchRow } from "./bench.ts";
import { metric } from "./loaded_exporter.ts";
import { median } from "./median.ts";

const MOST_BYTES_AN_ENTRY = 40;
const MOST_LATE_MS = 250;
const INTERVAL_MS = 1000;
const REST_CYCLES = 5;
const PIECE = 64 * 1024;

/** A long custom list: reading it against reading its bytes, its memory, and the cycles meanwhile. */
const threatLoadBench: Bench = {
  name: "threat_load",
  async run({ smoke }) {
    const lines = smoke ? 20_000 : 1_000_000;
    const folder = await Deno.makeTempDir({ prefix: "oie-threat-load-" });
    try {
      const rows: BenchRow[] = [];
      for (const family of ["IPv4", "IPv6"] as const) {
        const path = `${folder}/${family}.txt`;
        await Deno.writeTextFile(path, listText(lines, family));
        rows.push(...await loadRows(path, family, lines, smoke ? 2 : 5));
      }
      rows.push(await lateRow(folder, lines, smoke ? 1 : 5));
      return rows;
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

export default threatLoadBench;

async function loadRows(
  path: string,
  family: string,
  lines: number,
  rounds: number,
): Promise<BenchRow[]> {
  const never = new AbortController().signal;
  const ours: number[] = [];
  const floor: number[] = [];
  let entries = 0;
  let bytes = 0;
  // The first round compiles the parser.
  for (let round = -1; round < rounds; round++) {
    const plainMs = await timeOf(() => readBytes(path));
    const loadMs = await timeOf(async () => {
      const { set } = await readListFile({ path, format: "plain" }, never);
      const index = buildIndex([{ bit: 4, set }]);
      entries = entriesOf(set);
      bytes = setBytes(set) + byteLengthOf(index);
    });
    if (round < 0) continue;
    ours.push(loadMs);
    floor.push(plainMs);
  }
  const { size } = await Deno.stat(path);
  const perLine = (ms: number) => `${(ms * 1e6 / lines).toFixed(0)} ns a line`;
  const ratio = median(ours) / median(floor);
  const anEntry = bytes / entries;
  return [
    {
      what: `threat_load: read, parse, sort and index ${lines} ${family} lines`,
      ours: perLine(median(ours)),
      against: `plain read ${perLine(median(floor))}`,
      ratio,
      bar: "-",
      pass: true,
    },
    {
      what: `threat_load: memory of ${entries} ${family} entries, the set and the index`,
      ours: `${anEntry.toFixed(1)} bytes an entry`,
      against: `the file ${(size / lines).toFixed(1)} bytes a line`,
      ratio: anEntry,
      bar: `<= ${MOST_BYTES_AN_ENTRY} bytes`,
      pass: anEntry <= MOST_BYTES_AN_ENTRY,
    },
  ];
}

/** The real program, whose list is replaced again and again while its cycles are watched. */
async function lateRow(folder: string, lines: number, rounds: number): Promise<BenchRow> {
  const path = `${folder}/custom.txt`;
  const base = `http://127.0.0.1:${freePort()}/metrics`;
  await Deno.writeTextFile(path, "192.0.2.1\n");
  await using exporter = await ExporterProcess.start([
    `-web.listen-address=${new URL(base).host}`,
    "-libvirt.uri=test:///default",
    `-collection.interval=${INTERVAL_MS}ms`,
    "-customlist.enable",
    `-customlist.path=${path}`,
    "-log.level=error",
  ], BINARY);
  const rest: number[] = [];
  await eachCycle(base, ({ pageMs }) => {
    rest.push(pageMs);
    return rest.length === REST_CYCLES;
  });
  const before = await residentBytes(exporter.pid);
  let late = 0;
  for (let round = 0; round < rounds; round++) {
    const count = lines + round;
    await Deno.writeTextFile(`${path}~`, listText(count, "IPv4"));
    // Not in the cycle that was slowed down by writing the list.
    await eachCycle(base, () => true);
    await Deno.rename(`${path}~`, path);
    Deno.kill(exporter.pid, "SIGHUP");
    await eachCycle(base, ({ pageMs, entries }) => {
      late = Math.max(late, pageMs - median(rest));
      return entries === count;
    });
  }
  const grown = (await residentBytes(exporter.pid) - before) / 2 ** 20;
  return {
    what: `threat_load: latest page of a cycle while ${lines} lines are loaded, ${rounds} times (` +
      `resident memory grew by ${grown.toFixed(0)} MiB)`,
    ours: `${late.toFixed(0)} ms late`,
    against: `at rest ${median(rest).toFixed(0)} ms after it is due`,
    ratio: late,
    bar: `<= ${MOST_LATE_MS} ms`,
    pass: late <= MOST_LATE_MS,
  };
}

interface WatchedCycle {
  /** From when the cycle was due to when its page was there; starts that were skipped count. */
  readonly pageMs: number;
  readonly entries: number | undefined;
}

/** Tells of each new cycle until `isLast` answers true. */
async function eachCycle(url: string, isLast: (cycle: WatchedCycle) => boolean): Promise<void> {
  let seen: number | undefined;
  let skipped = NaN;
  await waitUntil("the last cycle", async () => {
    const page = parsePage(await (await fetch(url)).text());
    const value = (name: string) => metric(page, name) ?? 0;
    const endedAt = value("oie_host_last_collection_timestamp_seconds");
    const skippedNow = value("oie_host_collection_skipped_total");
    const isFirst = seen === undefined;
    if (endedAt === seen) return undefined;
    const missed = isFirst ? 0 : skippedNow - skipped;
    seen = endedAt;
    skipped = skippedNow;
    // The first page seen may be of a cycle from before.
    if (isFirst) return undefined;
    const seconds = value("oie_host_collection_lag_seconds") +
      value("oie_host_collection_duration_seconds");
    const pageMs = 1000 * seconds + INTERVAL_MS * missed;
    return isLast({ pageMs, entries: metric(page, "oie_customlist_entries") }) || undefined;
  }, { withinMs: 120_000 });
}

/** Addresses far apart, as in a list that many sources feed; a tenth are prefixes. */
function listText(lines: number, family: "IPv4" | "IPv6"): string {
  const parts: string[] = [];
  for (let number = 0; number < lines; number++) {
    const spread = Math.imul(number + 1, 0x9e3779b1) >>> 0;
    const isPrefix = number % 10 === 0;
    if (family === "IPv4") {
      const bytes = [spread >>> 24, (spread >>> 16) & 255, (spread >>> 8) & 255, spread & 255];
      parts.push(bytes.join(".") + (isPrefix ? "/28" : ""));
    } else {
      const [upper, lower] = [(spread >>> 16).toString(16), (spread & 0xffff).toString(16)];
      parts.push(`2a00:${upper}:${lower}::${isPrefix ? "/48" : "1"}`);
    }
  }
  return parts.join("\n") + "\n";
}

async function readBytes(path: string): Promise<void> {
  using file = await Deno.open(path);
  const piece = new Uint8Array(PIECE);
  while (await file.read(piece) !== null);
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function setBytes({ ipv4, ipv6 }: PrefixSet): number {
  return [ipv4.starts, ipv4.bits, ipv6.starts, ipv6.bits]
    .reduce((sum, array) => sum + array.buffer.byteLength, 0);
}

async function residentBytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return parseStatus(status).residentMemory ?? NaN;
}
