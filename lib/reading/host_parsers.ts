/** CPU of the host since it started. */
export interface CpuReading {
  /** CPUs that are online. */
  readonly cpus: number;
  /** Seconds of all CPUs by mode; every moment counts in one mode only. */
  readonly secondsByMode: ReadonlyMap<string, number>;
  /** When the host started, in milliseconds since 1970; absent where the kernel does not say it. */
  readonly bootedAtMs?: number;
}

/** Memory of the host, or of one part of it, in bytes. */
export interface MemoryReading {
  readonly totalBytes: number;
  /** What could be had without swapping; absent on kernels that do not say it. */
  readonly availableBytes?: number;
}

/** Memory of one NUMA node, in bytes. */
export interface NumaNode {
  /** The node's number, as the kernel writes it. */
  readonly node: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** Packets that conntrack let no flow begin or go on with; counters of one network namespace. */
export interface ConntrackDrops {
  readonly drop: number;
  readonly earlyDrop: number;
  readonly insertFailed: number;
}

/** Clock ticks a second in every number of /proc that user programs see (proc(5), `USER_HZ`). */
const TICKS_PER_SECOND = 100;
/** The columns of a `cpu` line (proc(5), /proc/stat). */
const MODES = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"] as const;
/** Ticks of each CPU by which what guests ran may seem more than all that ran. */
const MOST_ROUNDED = 2;
const GUEST_COLUMN = MODES.length;
const GUEST_NICE_COLUMN = GUEST_COLUMN + 1;
/** As node_exporter's, for its idle CPUs. */
const MOST_BEHIND_S = 3;
const KIBIBYTE = 1024;

/**
 * Reads /proc/stat. The kernel counts what guests run twice, as `guest` and within `user`, and so for
 * `nice`: here it is in `guest` alone, so that the modes add up to the time that passed.
 */
export function parseCpuStat(text: string): CpuReading | undefined {
  const all = /^cpu +(\d{1,15}(?: \d{1,15}){7,})$/m.exec(text)?.[1]?.split(" ").map(Number);
  const cpus = text.match(/^cpu\d+ /gm)?.length;
  if (all === undefined || cpus === undefined) return undefined;
  const [guest = 0, guestNice = 0] = [all[GUEST_COLUMN], all[GUEST_NICE_COLUMN]];
  const ticks = new Map<string, number>(MODES.map((mode, column) => [mode, all[column] ?? 0]));
  ticks.set("user", (ticks.get("user") ?? 0) - guest);
  ticks.set("nice", (ticks.get("nice") ?? 0) - guestNice);
  ticks.set("guest", guest + guestNice);
  // The kernel rounds each column down, and does not add them up at one moment.
  if ([...ticks.values()].some((count) => count < -MOST_ROUNDED * cpus)) return undefined;
  const seconds = [...ticks].map(([mode, count]): [string, number] => [
    mode,
    Math.max(0, count) / TICKS_PER_SECOND,
  ]);
  const bootedAt = /^btime (\d{1,12})$/m.exec(text)?.[1];
  return {
    cpus,
    secondsByMode: new Map(seconds),
    ...bootedAt !== undefined && { bootedAtMs: Number(bootedAt) * 1000 },
  };
}

/**
 * The newer reading, with no mode behind the older one by less than {@link MOST_BEHIND_S}: what is left of
 * `user` without `guest` steps back by rounding, and `iowait` by itself (proc(5)), which Prometheus would
 * take for a counter that began anew.
 */
export function notBehind(newer: CpuReading, older: CpuReading | undefined): CpuReading {
  const secondsByMode = [...newer.secondsByMode].map(([mode, seconds]): [string, number] => {
    const before = older?.secondsByMode.get(mode) ?? seconds;
    return [mode, before > seconds && before - seconds < MOST_BEHIND_S ? before : seconds];
  });
  return { ...newer, secondsByMode: new Map(secondsByMode) };
}

/** Reads /proc/meminfo (proc(5)). */
export function parseMeminfo(text: string): MemoryReading | undefined {
  const totalBytes = bytesOf(text, "MemTotal");
  const availableBytes = bytesOf(text, "MemAvailable");
  if (totalBytes === undefined) return undefined;
  return { totalBytes, ...availableBytes !== undefined && { availableBytes } };
}

/** Reads a NUMA node's meminfo, whose lines begin with `Node 0`. */
export function parseNodeMeminfo(text: string): Omit<NumaNode, "node"> | undefined {
  const totalBytes = bytesOf(text, "Node \\d+ MemTotal");
  const freeBytes = bytesOf(text, "Node \\d+ MemFree");
  return totalBytes === undefined || freeBytes === undefined
    ? undefined
    : { totalBytes, freeBytes };
}

/**
 * Sums /proc/net/stat/nf_conntrack, which has a line of names and one of hexadecimal numbers for each
 * CPU (net/netfilter/nf_conntrack_standalone.c, ct_cpu_seq_show). The numbers wrap at 32 bits.
 */
export function parseConntrackStat(text: string): ConntrackDrops | undefined {
  const [names = [], ...rows] = text.trim().split("\n").map((line) => line.trim().split(/\s+/));
  if (rows.length === 0) return undefined;
  const sum = (name: string) => {
    const column = names.indexOf(name);
    const cells = rows.map((row) => row[column] ?? "");
    return cells.every((cell) => /^[0-9a-f]{1,8}$/i.test(cell))
      ? cells.reduce((total, cell) => total + parseInt(cell, 16), 0)
      : undefined;
  };
  const [drop, earlyDrop, insertFailed] = [sum("drop"), sum("early_drop"), sum("insert_failed")];
  if (drop === undefined || earlyDrop === undefined || insertFailed === undefined) return undefined;
  return { drop, earlyDrop, insertFailed };
}

/** @param name How the line begins, as a regular expression. */
function bytesOf(text: string, name: string): number | undefined {
  const kib = new RegExp(`^${name}:\\s+(\\d{1,15}) kB$`, "m").exec(text)?.[1];
  return kib === undefined ? undefined : Number(kib) * KIBIBYTE;
}
