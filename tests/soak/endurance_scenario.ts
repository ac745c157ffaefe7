/**
 * Run by the test beside it, in a process of its own because it moves into a network namespace for
 * good: the compiled exporter as nobody with one capability, at one cycle a second, for as many
 * minutes as its argument says, while guests, flows, lists and scrapes come and go. Prints what it saw
 * as JSON. Needs root.
 */
import { ConntrackTable, TCP } from "../../scripts/demo/conntrack_table.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { expectPage, heldBy } from "../e2e/churn_rounds.ts";
import { ConntrackChurn } from "../e2e/conntrack_churn.ts";
import { GuestChurn } from "../e2e/guest_churn.ts";
import { isUp, NodeExporter } from "../e2e/node_exporter_process.ts";
import { sampleValues } from "../e2e/page_text.ts";
import { FeedServer } from "../integration/feed_server.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import type { Point } from "./flatness.ts";

const START_MS = 30_000;
const STEADY_ENTRIES = 50_000;
const CHURN_PER_SECOND = 2_000;
const SCRAPERS = 4;
const SCRAPE_EVERY_MS = 250;
const LOOK_EVERY_MS = 200;
const PAUSE_MS = 1_000;
const LIST_ENTRIES = 20_000;
const REFRESH = "5s";

/** A cycle as its page told of it. */
export interface SeenCycle {
  readonly endedAt: number;
  /** How late it began, and how long it took. */
  readonly lagSeconds: number;
  readonly seconds: number;
  readonly libvirtSeconds: number;
  readonly conntrackSeconds: number;
  /** Starts that were skipped until it began. */
  readonly skipped: number;
}

export interface Endurance {
  readonly residentMib: readonly Point[];
  readonly descriptors: readonly Point[];
  readonly threads: readonly Point[];
  readonly cycles: readonly SeenCycle[];
  readonly operations: Readonly<Record<string, number>>;
  readonly scrapes: number;
  readonly slowestScrapeMs: number;
  readonly refreshes: number;
  readonly entriesCreated: number;
  /** Counters of trouble at the end. */
  readonly troubles: Readonly<Record<string, number | undefined>>;
  readonly output: string;
}

/** A list that is another one each time, an error in one of ten times. */
function listOf(turn: number): Response {
  if (turn % 10 === 9) return new Response("no", { status: 500 });
  const entries = Array.from({ length: LIST_ENTRIES }, (_, at) => {
    const number = at + turn;
    return `198.${18 + (number >>> 16)}.${number >>> 8 & 255}.${number & 255}`;
  });
  return new Response(entries.join("\n"));
}

async function main(minutes: number, folder: string): Promise<Endurance> {
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  await using feeds = new FeedServer();
  let refreshes = 0;
  feeds.answer = () => {
    feeds.requests.length = 0;
    return listOf(refreshes++);
  };
  using table = new ConntrackTable();
  table.create(Array.from({ length: STEADY_ENTRIES }, (_, number) => ({
    protocol: TCP,
    src: "10.0.0.1",
    dst: `203.0.${number >>> 8 & 255}.${number & 255}`,
    srcPort: 1024,
    dstPort: 443,
    timeoutSeconds: 24 * 3600,
  })));
  await using node = await LibvirtNode.start();
  const guests = new GuestChurn(node, 1);
  await guests.step();
  await Deno.writeTextFile(`${folder}/custom.txt`, "198.18.0.0/24\n");
  await using exporter = await NodeExporter.start(node, {
    flags: [
      ...["-conntrack.min=0", "-outbound.behavior.enable", "-log.level=debug"],
      ...THREAT_LISTS.flatMap(({ flag }) => [`-${flag}.enable`, `-${flag}.refresh=${REFRESH}`]),
      ...["tor.exit", "tor.relay", "spamhaus", "emergingthreats"]
        .map((flag) => `-${flag}.url=${feeds.url(`/${flag}`)}`),
      `-spamhaus.ipv6.url=${feeds.url("/ipv6")}`,
      `-customlist.path=${folder}/custom.txt`,
      ...["-threatfile.enable", `-threatfile.path=${folder}/threat.log`],
    ],
  });
  await exporter.values("a full page", START_MS, isUp(1));

  const endMs = performance.now() + minutes * 60_000;
  const isOn = () => performance.now() < endMs;
  const seen = { scrapes: 0, slowestScrapeMs: 0 };
  const scrape = async () => {
    while (isOn()) {
      const askedMs = performance.now();
      await exporter.page();
      seen.scrapes++;
      seen.slowestScrapeMs = Math.max(seen.slowestScrapeMs, performance.now() - askedMs);
      await pause(SCRAPE_EVERY_MS);
    }
  };
  const change = async () => {
    for (let number = 1; isOn(); number++) {
      await expectPage(exporter, guests, `page after ${await guests.step()} (${number})`);
      await Deno.writeTextFile(`${folder}/custom.txt`, `198.18.${number % 200}.0/24\n`);
      // What grows in the file is not looked at.
      await Deno.truncate(`${folder}/threat.log`);
      await pause(PAUSE_MS);
    }
  };
  using flows = new ConntrackChurn(table, {
    src: (number) => guests.fixedIps[number % guests.fixedIps.length] ?? "10.0.0.1",
    perSecond: CHURN_PER_SECOND,
  });
  const [observed] = await Promise.all([
    observe(exporter, isOn),
    change(),
    ...Array.from({ length: SCRAPERS }, scrape),
  ]);
  const values = sampleValues(await exporter.page());
  return {
    ...observed,
    ...seen,
    operations: Object.fromEntries(guests.done),
    refreshes,
    entriesCreated: flows.created,
    troubles: Object.fromEntries(
      [
        "oie_host_collection_errors_total",
        "oie_host_conntrack_read_errors_total",
        "oie_host_conntrack_dump_interrupted_total",
        "oie_host_conntrack_enobufs_total",
      ].map((name) => [name, values.get(name)]),
    ),
    output: exporter.process.output.split("\n").filter((line) => /level=error/.test(line)).slice(
      -20,
    )
      .join("\n"),
  };
}

async function observe(exporter: NodeExporter, isOn: () => boolean) {
  const [residentMib, descriptors, threads]: [Point[], Point[], Point[]] = [[], [], []];
  const cycles = new Map<number, SeenCycle>();
  const startedMs = performance.now();
  let heldAt = -1;
  while (isOn()) {
    const values = sampleValues(await exporter.page());
    const of = (name: string) => values.get(name) ?? NaN;
    const endedAt = of("oie_host_last_collection_timestamp_seconds");
    cycles.set(endedAt, {
      endedAt,
      lagSeconds: of("oie_host_collection_lag_seconds"),
      seconds: of("oie_host_collection_duration_seconds"),
      libvirtSeconds: of("oie_host_libvirt_list_duration_seconds"),
      conntrackSeconds: of("oie_host_conntrack_read_duration_seconds"),
      skipped: of("oie_host_collection_skipped_total"),
    });
    const second = Math.floor((performance.now() - startedMs) / 1000);
    if (second !== heldAt) {
      heldAt = second;
      const held = await heldBy(exporter.process.pid);
      residentMib.push([second, held.residentMib]);
      descriptors.push([second, held.descriptors]);
      threads.push([second, held.threads]);
    }
    await pause(LOOK_EVERY_MS);
  }
  return { residentMib, descriptors, threads, cycles: [...cycles.values()] };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "oie-endurance-" });
  try {
    await Deno.chmod(folder, 0o777);
    console.log(JSON.stringify(await main(Number(Deno.args[0]), folder)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
