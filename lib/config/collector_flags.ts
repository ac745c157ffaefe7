import type { Config } from "./config.ts";
import type { FlagRow } from "./flag_row.ts";

/** A group of families that can be switched off, declared once: its flag follows. */
interface CollectorRow {
  /** The collector's name, which the label `collector` has too. */
  readonly name: string;
  /** Whether it is on where nothing else is said; what is costly is off. */
  readonly default: "true" | "false";
  /** What it exports, for the sentence "Export ...". */
  readonly exports: string;
  /** What it costs a cycle. */
  readonly cost: string;
}

/**
 * Collectors with a flag of their own, `-collector.NAME`. The others are always on, or have a flag of
 * the source specification.
 */
export const COLLECTOR_ROWS = [
  {
    name: "state",
    default: "true",
    exports: "the state of instances and its reason",
    cost: "nothing",
  },
  {
    name: "cpu",
    default: "true",
    exports: "the CPU percent of instances",
    cost: "nothing",
  },
  {
    name: "cpu_time",
    default: "true",
    exports: "CPU seconds and vCPUs of instances",
    cost: "nothing",
  },
  {
    name: "steal",
    default: "true",
    exports: "how long vCPUs waited for a CPU",
    cost: "30 microseconds for each vCPU",
  },
  {
    name: "memory",
    default: "true",
    exports: "memory of instances",
    cost: "nothing: instance_info needs the same reading",
  },
  {
    name: "disk",
    default: "true",
    exports: "identity and thresholds of disks",
    cost: "nothing",
  },
  {
    name: "disk_io",
    default: "true",
    exports: "bytes and requests of disks",
    cost: "what the disks of a cycle cost, once for all disk_*",
  },
  {
    name: "disk_time",
    default: "true",
    exports: "time and flushes of disks",
    cost: "as disk_io, once for all disk_*",
  },
  {
    name: "disk_size",
    default: "true",
    exports: "sizes of disks",
    cost: "as disk_io, once for all disk_*",
  },
  {
    name: "network",
    default: "true",
    exports: "counters of vNICs",
    cost: "nothing",
  },
  {
    name: "network_info",
    default: "true",
    exports: "address, bridge, model, port and MTU of vNICs",
    cost: "nothing",
  },
  {
    name: "job",
    default: "false",
    exports: "progress of migrations and other jobs on instances",
    cost: "two calls to libvirt for each instance",
  },
  {
    name: "host",
    default: "true",
    exports: "CPU seconds, memory and overcommit of the host",
    cost: "two files",
  },
  {
    name: "host_conntrack",
    default: "true",
    exports: "what conntrack dropped",
    cost: "one file",
  },
  {
    name: "host_numa",
    default: "true",
    exports: "memory of NUMA nodes",
    cost: "one file for each node",
  },
  {
    name: "libvirt_info",
    default: "true",
    exports: "versions of libvirt, QEMU and the kernel",
    cost: "two calls for each connection",
  },
  {
    name: "flow_kinds",
    default: "false",
    exports: "flows of fixed IPs by direction, protocol and answer",
    cost: "seven series for each fixed IP",
  },
  {
    name: "flow_bytes",
    default: "false",
    exports: "bytes and packets of fixed IPs, where nf_conntrack_acct is on",
    cost: "some 70 bytes of memory for each flow",
  },
] as const satisfies readonly CollectorRow[];

/** A collector that has a flag. */
export type SwitchableCollector = (typeof COLLECTOR_ROWS)[number]["name"];

interface CollectorFlagRow extends FlagRow {
  readonly name: `collector.${SwitchableCollector}`;
  readonly kind: "boolean";
}

/** The flags of {@linkcode COLLECTOR_ROWS}, in their order. */
export const COLLECTOR_FLAGS: readonly CollectorFlagRow[] = COLLECTOR_ROWS.map((row) => ({
  group: "Collectors",
  name: `collector.${row.name}` as const,
  kind: "boolean",
  default: row.default,
  help: `Export ${row.exports}; costs ${row.cost}`,
}));

/** Whether the collector is to be read and exported; one without a flag always is. */
export function isCollectorOn(config: Config, name: string): boolean {
  const row = COLLECTOR_ROWS.find((known) => known.name === name);
  return row === undefined || config[`collector.${row.name}`];
}
