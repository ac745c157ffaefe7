/**
 * Run by the test beside it, in a process of its own because it moves into a network namespace for
 * good: the compiled exporter as nobody with one capability beside a conntrack table that changes all
 * the time. Prints what its pages said as JSON. Needs root.
 */
import { ConntrackTable, type Entry, TCP } from "../../scripts/demo/conntrack_table.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { ConntrackChurn } from "./conntrack_churn.ts";
import { NodeExporter } from "./node_exporter_process.ts";
import { sampleValues } from "./page_text.ts";
import { seriesParts } from "./shown_guests.ts";

/** The guest whose entries stay, and the one whose entries come and go. */
const STEADY = { name: "steady", uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931", ip: "10.0.0.1" };
const BUSY = { name: "busy", uuid: "6695eb01-f6a4-4304-89aa-97f2502e1932", ip: "10.0.0.2" };
const WAIT_MS = 30_000;
const CHURN_MS = 4_000;
/** So many that a dump takes long enough for the table to change in it. */
export const STEADY_ENTRIES = 60_000;
export const CHURN_PER_SECOND = 5_000;

/** What the page of one cycle said. */
export interface TablePage {
  readonly endedAt: number;
  readonly up: number;
  readonly errors: number;
  readonly interrupted: number;
  readonly enobufs: number;
  readonly entries: number | undefined;
  readonly steady: number | undefined;
  readonly steadyRemotes: number | undefined;
  readonly busy: number | undefined;
}

export interface ConntrackScenario {
  /** One for each cycle seen while the table changed. */
  readonly during: readonly TablePage[];
  /** Entries that were created meanwhile, and in how many seconds. */
  readonly created: number;
  readonly seconds: number;
  /** Once all that came has gone. */
  readonly after: TablePage;
}

function tablePage(page: string): TablePage {
  const values = sampleValues(page);
  const ofIp = (family: string, ip: string) =>
    [...values].find(([series]) => {
      const parts = seriesParts(series);
      return parts.family === family && parts.labels["ip"] === ip;
    })?.[1];
  return {
    endedAt: values.get("oie_host_last_collection_timestamp_seconds") ?? 0,
    up: values.get("oie_conntrack_up") ?? 0,
    errors: values.get("oie_conntrack_read_errors_total") ?? 0,
    interrupted: values.get("oie_host_conntrack_dump_interrupted_total") ?? NaN,
    enobufs: values.get("oie_host_conntrack_enobufs_total") ?? NaN,
    entries: values.get("oie_host_conntrack_entries_total"),
    steady: ofIp("oie_conntrack_ip_flows_total", STEADY.ip),
    steadyRemotes: ofIp("oie_outbound_unique_remotes", STEADY.ip),
    busy: ofIp("oie_conntrack_ip_flows_total", BUSY.ip),
  };
}

function* steadyEntries(): Generator<Entry> {
  for (let number = 0; number < STEADY_ENTRIES; number++) {
    yield {
      protocol: TCP,
      src: STEADY.ip,
      dst: `203.0.${number >>> 8 & 255}.${number & 255}`,
      srcPort: 1024 + (number >>> 16),
      dstPort: 443,
    };
  }
}

async function main(): Promise<ConntrackScenario> {
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  using table = new ConntrackTable();
  table.create(steadyEntries());
  await using node = await LibvirtNode.start();
  for (const { name, uuid, ip } of [STEADY, BUSY]) {
    await node.createGuest({ name, uuid, fixedIps: [ip], bare: true });
  }
  await using exporter = await NodeExporter.start(node, {
    intervalMs: 200,
    flags: ["-conntrack.min=1", "-outbound.behavior.enable"],
  });
  await exporter.values(
    "a page with the table",
    WAIT_MS,
    (values) => values.get("oie_host_conntrack_entries_total") === STEADY_ENTRIES,
  );

  const during = new Map<number, TablePage>();
  const startedMs = performance.now();
  const churn = new ConntrackChurn(table, { src: () => BUSY.ip, perSecond: CHURN_PER_SECOND });
  while (performance.now() - startedMs < CHURN_MS) {
    const page = tablePage(await exporter.page());
    during.set(page.endedAt, page);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  churn[Symbol.dispose]();
  const seconds = (performance.now() - startedMs) / 1000;
  await exporter.values(
    "a page of the table as it was",
    WAIT_MS,
    (values) => values.get("oie_host_conntrack_entries_total") === STEADY_ENTRIES,
  );
  const after = tablePage(await exporter.page());
  return { during: [...during.values()], created: churn.created, seconds, after };
}

if (import.meta.main) console.log(JSON.stringify(await main()));
