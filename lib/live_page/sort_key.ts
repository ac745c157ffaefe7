import type { InstanceSnapshot } from "../live/node_schema.ts";
import { SPARKS } from "../live/history_schema.ts";

/**
 * What each column is sorted by: text from A on, numbers; null is not known and comes last. Rates count
 * as far as they are shown: rows do not change places for what nobody sees.
 */
const SORT_VALUES = {
  name: ({ name, domain }: InstanceSnapshot) => name || domain,
  domain: ({ domain }: InstanceSnapshot) => domain,
  uuid: ({ uuid }: InstanceSnapshot) => uuid,
  project: ({ project }: InstanceSnapshot) => project.name || project.uuid,
  marks: ({ over }: InstanceSnapshot) => over.length,
  cpu: ({ cpu_percent }: InstanceSnapshot) =>
    cpu_percent === null ? null : Math.round(10 * cpu_percent) / 10,
  disk: ({ sum }: InstanceSnapshot) =>
    sumOf(SPARKS.disk_bytes_per_second.map((channel) => sum[channel])),
  requests: ({ sum }: InstanceSnapshot) =>
    sumOf([sum.read_requests_per_second, sum.write_requests_per_second]),
  network: ({ sum }: InstanceSnapshot) =>
    sumOf(SPARKS.network_bits_per_second.map((channel) => sum[channel])),
  packets: ({ sum }: InstanceSnapshot) =>
    sumOf([sum.rx_packets_per_second, sum.tx_packets_per_second]),
  flows: ({ sum }: InstanceSnapshot) => sum.flows,
  contacts: ({ sum }: InstanceSnapshot) => sum.active_contacts,
} as const;

export type ColumnKey = keyof typeof SORT_VALUES;

export interface SortKey {
  readonly column: ColumnKey;
  readonly descending: boolean;
}

/** Tells whether a text, of an address for one, names a column. */
export function isColumnKey(text: string): text is ColumnKey {
  return Object.hasOwn(SORT_VALUES, text);
}

/** Columns that one wants to see from A on, and not from the largest value. */
export function startsDescending(column: ColumnKey): boolean {
  return !["name", "domain", "uuid", "project"].includes(column);
}

/** What a column shows of an instance; null where it is not known. */
export function valueOf(instance: InstanceSnapshot, column: ColumnKey): string | number | null {
  return SORT_VALUES[column](instance);
}

/** The instances in this order; equal ones by name and UUID, so that they never change places. */
export function sorted(
  instances: readonly InstanceSnapshot[],
  { column, descending }: SortKey,
): readonly InstanceSnapshot[] {
  const sign = descending ? -1 : 1;
  const keyed = instances.map((instance) => ({ instance, value: valueOf(instance, column) }));
  keyed.sort((a, b) =>
    compare(a.value, b.value, sign) || compareText(nameOf(a.instance), nameOf(b.instance)) ||
    compareText(a.instance.uuid, b.instance.uuid)
  );
  return keyed.map(({ instance }) => instance);
}

function compare(a: string | number | null, b: string | number | null, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * compareText(String(a), String(b));
}

const collator = new Intl.Collator("en", { numeric: true });

function compareText(a: string, b: string): number {
  return collator.compare(a, b);
}

function nameOf({ name, domain }: InstanceSnapshot): string {
  return name || domain;
}

/** What is known of some rates together, in three digits; null where nothing is. */
function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0
    ? null
    : Number(known.reduce((sum, value) => sum + value, 0).toPrecision(3));
}
