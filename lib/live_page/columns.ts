import type { SparkName } from "../live/history_schema.ts";
import type { InstanceSnapshot } from "../live/node_schema.ts";
import { count, percent, type Quantity, scaled } from "./quantity.ts";
import { type ColumnKey, valueOf } from "./sort_key.ts";

/** One column of the table, besides the name, which begins each row. */
export interface Column {
  readonly key: ColumnKey;
  readonly title: string;
  /** What it is, in a sentence. */
  readonly hint: string;
  readonly cell:
    | { readonly kind: "text"; readonly text: (instance: InstanceSnapshot) => string }
    | { readonly kind: "marks" }
    | {
      readonly kind: "quantity";
      readonly show: (value: number | null) => Quantity;
      readonly spark?: { readonly name: SparkName; readonly ceiling: number };
    };
}

/** The columns from left to right. */
export const COLUMNS: readonly Column[] = [
  {
    key: "domain",
    title: "Domain",
    hint: "libvirt's name of the domain",
    cell: { kind: "text", text: ({ domain }) => domain },
  },
  {
    key: "uuid",
    title: "UUID",
    hint: "The first eight digits of the instance's UUID",
    cell: { kind: "text", text: ({ uuid }) => uuid.slice(0, 8) },
  },
  {
    key: "project",
    title: "Project",
    hint: "The project that owns the instance",
    cell: { kind: "text", text: ({ project }) => project.name || project.uuid.slice(0, 8) },
  },
  {
    key: "marks",
    title: "Marks",
    hint: "What asks for attention: a disk over its threshold, conntrack, a listed address",
    cell: { kind: "marks" },
  },
  {
    key: "cpu",
    title: "CPU",
    hint: "Use of all its vCPUs",
    cell: { kind: "quantity", show: percent, spark: { name: "cpu_percent", ceiling: 100 } },
  },
  {
    key: "disk",
    title: "Disk",
    hint: "Bytes read and written a second, all its disks",
    cell: {
      kind: "quantity",
      show: (value) => scaled(value, "B/s"),
      spark: { name: "disk_bytes_per_second", ceiling: 1 },
    },
  },
  {
    key: "requests",
    title: "Requests",
    hint: "Reads and writes a second, all its disks",
    cell: { kind: "quantity", show: (value) => scaled(value, "/s") },
  },
  {
    key: "network",
    title: "Network",
    hint: "Bits received and sent a second, all its vNICs",
    cell: {
      kind: "quantity",
      show: (value) => scaled(value, "bit/s"),
      spark: { name: "network_bits_per_second", ceiling: 1 },
    },
  },
  {
    key: "packets",
    title: "Packets",
    hint: "Packets received and sent a second, all its vNICs",
    cell: { kind: "quantity", show: (value) => scaled(value, "/s") },
  },
  {
    key: "flows",
    title: "Flows",
    hint: "Conntrack entries of its fixed IPs",
    cell: { kind: "quantity", show: count },
  },
  {
    key: "contacts",
    title: "Contacts",
    hint: "Contacts with listed addresses in the newest cycle",
    cell: { kind: "quantity", show: count },
  },
];

/** The number that a column of quantities shows. */
export function numberOf(instance: InstanceSnapshot, key: ColumnKey): number | null {
  const value = valueOf(instance, key);
  return typeof value === "number" ? value : null;
}
