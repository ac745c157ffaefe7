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
    name: "cpu",
    default: "true",
    exports: "the CPU percent of instances",
    cost: "nothing",
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
    cost: "a question to each QEMU",
  },
  {
    name: "network",
    default: "true",
    exports: "counters of vNICs",
    cost: "nothing",
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
