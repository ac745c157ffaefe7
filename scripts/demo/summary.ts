import type { Family } from "../../lib/metrics/family.ts";
import { HEALTH } from "../../lib/metrics/health_families.ts";
import { CONNTRACK_FLOWS, OUTBOUND } from "../../lib/metrics/flow_families.ts";
import { CPU_PERCENT, DISK, INSTANCE_INFO, NETWORK } from "../../lib/metrics/instance_families.ts";
import type { PageSample } from "./page.ts";
import { alignColumns } from "./table.ts";

const FAMILY = {
  info: INSTANCE_INFO,
  cpu: CPU_PERCENT,
  disk: [DISK.readGbytes, DISK.writeGbytes],
  network: [NETWORK.rxGbytes, NETWORK.txGbytes],
  flows: CONNTRACK_FLOWS,
  remotes: OUTBOUND.uniqueRemotes,
  collectedAt: HEALTH.lastCollection,
  conntrackUp: HEALTH.conntrackUp,
  conntrackEntries: HEALTH.conntrackEntries,
} as const;

const BUSIEST = 5;
const MEBIBYTES_PER_GIBIBYTE = 1024;

interface Row {
  readonly instance: string;
  readonly project: string;
  readonly flavor: string;
  readonly cpu: number | undefined;
  readonly disk: number | undefined;
  readonly network: number | undefined;
  readonly flows: number | undefined;
  readonly remotes: number | undefined;
}

/** When the cycle that a page is of ended, in seconds since the epoch; undefined before the first. */
export function collectedAt(page: readonly PageSample[]): number | undefined {
  return valueOf(page, FAMILY.collectedAt);
}

/** What two pages of different cycles, the newer one last, say of the cloud; for a terminal. */
export function summarize(
  before: readonly PageSample[],
  page: readonly PageSample[],
  { url, metrics, conntrack }: {
    readonly url: string;
    readonly metrics: string;
    readonly conntrack: boolean;
  },
): string {
  const rows = instanceRows(before, page);
  const projects = new Set(
    samplesOf(page, FAMILY.info).map(({ labels }) => labels["project_uuid"]),
  );
  const busiest = rows.toSorted(byLoad).slice(0, BUSIEST);
  return [
    `Browser   ${url}`,
    `Terminal  scripts/deno task start top -url=${url}`,
    `Scrape    ${metrics}`,
    `Cloud     ${rows.length} instances of ${projects.size} projects`,
    `Series    ${page.length}`,
    `Conntrack ${conntrackLine(page, conntrack)}`,
    "",
    "The busiest instances:",
    alignColumns([
      ["instance", "project", "flavor", "CPU %", "disk MiB/s", "net MiB/s", "flows", "remotes"],
      ...busiest.map((row) => [
        row.instance,
        row.project,
        row.flavor,
        figure(row.cpu, 1),
        figure(row.disk, 3),
        figure(row.network, 3),
        figure(row.flows, 0),
        figure(row.remotes, 0),
      ]),
    ], ["left", "left", "left", "right", "right", "right", "right", "right"]),
  ].join("\n");
}

function conntrackLine(page: readonly PageSample[], expected: boolean): string {
  if (!expected) return "left out: entries of the demo's own take root";
  if (valueOf(page, FAMILY.conntrackUp) !== 1) return "could not be read, see above";
  return `${
    valueOf(page, FAMILY.conntrackEntries)
  } entries, in a network namespace of the demo's own`;
}

function instanceRows(before: readonly PageSample[], page: readonly PageSample[]): Row[] {
  const seconds = (collectedAt(page) ?? NaN) - (collectedAt(before) ?? NaN);
  const rate = (uuid: string, families: readonly Family[]) => {
    const from = sumOf(before, uuid, families);
    const to = sumOf(page, uuid, families);
    if (from === undefined || to === undefined || to < from || !(seconds > 0)) return undefined;
    return (to - from) * MEBIBYTES_PER_GIBIBYTE / seconds;
  };
  return samplesOf(page, FAMILY.info).map(({ labels }) => {
    const uuid = labels["instance_uuid"] ?? "";
    return {
      instance: printable(labels["domain"]),
      project: printable(labels["project_name"]),
      flavor: printable(labels["flavor"]),
      cpu: sumOf(page, uuid, [FAMILY.cpu]),
      disk: rate(uuid, FAMILY.disk),
      network: rate(uuid, FAMILY.network),
      flows: sumOf(page, uuid, [FAMILY.flows]),
      remotes: sumOf(page, uuid, [FAMILY.remotes]),
    };
  });
}

/** All series of an instance in some families added up; undefined where there is none. */
function sumOf(
  page: readonly PageSample[],
  uuid: string,
  families: readonly Family[],
): number | undefined {
  const values = families
    .flatMap((family) => samplesOf(page, family))
    .filter(({ labels }) => labels["instance_uuid"] === uuid)
    .map(({ value }) => value);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value);
}

function samplesOf(page: readonly PageSample[], family: Family): readonly PageSample[] {
  return page.filter(({ name }) => name === family.name);
}

function valueOf(page: readonly PageSample[], family: Family): number | undefined {
  return samplesOf(page, family)[0]?.value;
}

/** CPU first, in steps of five percent so that noise does not decide; then flows, then network. */
function byLoad(a: Row, b: Row): number {
  return step(b.cpu) - step(a.cpu) ||
    (b.flows ?? 0) - (a.flows ?? 0) ||
    (b.network ?? 0) - (a.network ?? 0);
}

function figure(value: number | undefined, digits: number): string {
  return value === undefined ? "-" : value.toFixed(digits);
}

/** Tenants' text without what a terminal would act on. */
function printable(text = ""): string {
  return text.replace(/\p{C}/gu, "?");
}

function step(percent = 0): number {
  return Math.round(percent / 5);
}
