import {
  type ConntrackDrops,
  type CpuReading,
  type MemoryReading,
  type NumaNode,
  parseConntrackStat,
  parseCpuStat,
  parseMeminfo,
  parseNodeMeminfo,
} from "./host_parsers.ts";

/** What the kernel says of this host; a part that was not asked for or cannot be read is absent. */
export interface HostReading {
  readonly cpu?: CpuReading;
  readonly memory?: MemoryReading;
  readonly conntrackDrops?: ConntrackDrops;
  readonly numaNodes?: readonly NumaNode[];
  /** Release of the kernel. */
  readonly kernel?: string;
}

/** What the readings come from. */
export interface HostFiles {
  /** Text of a file below /proc or /sys, undefined where it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
  /** Names in a folder below /proc or /sys, undefined where it cannot be read. */
  readonly listFolder: (path: string) => readonly string[] | undefined;
}

type Part = keyof HostReading;

/** One part of the reading: the place it comes from, and how. */
interface Source<T> {
  readonly path: string;
  /** Undefined, or without a part, where a place is missing or odd, which it tells. */
  readonly read: (files: HostFiles, path: string, onOdd: (path: string) => void) => T | undefined;
}

function file<T>(
  path: string,
  parse: (text: string) => T | undefined,
  isWhole: (value: T) => boolean = () => true,
): Source<T> {
  return {
    path,
    read: ({ readFile }, path, onOdd) => {
      const text = readFile(path);
      const value = text === undefined ? undefined : parse(text);
      if (value === undefined || !isWhole(value)) onOdd(path);
      return value;
    },
  };
}

const SOURCES: { readonly [P in Part]: Source<NonNullable<HostReading[P]>> } = {
  cpu: file("/proc/stat", parseCpuStat),
  memory: file(
    "/proc/meminfo",
    parseMeminfo,
    ({ availableBytes }) => availableBytes !== undefined,
  ),
  // Of the network namespace that the exporter is in: the one whose table it dumps.
  conntrackDrops: file("/proc/net/stat/nf_conntrack", parseConntrackStat),
  numaNodes: { path: "/sys/devices/system/node", read: readNodes },
  kernel: file("/proc/sys/kernel/osrelease", (text) => text.trim() || undefined),
};

/**
 * Reads these parts of what the kernel says of the host.
 *
 * @returns also why a part is missing, by its path.
 */
export function readHost(
  parts: readonly Part[],
  files: HostFiles,
): { readonly reading: HostReading; readonly errors: ReadonlyMap<string, Error> } {
  const reading: Record<string, unknown> = {};
  const errors = new Map<string, Error>();
  const onOdd = (path: string) =>
    errors.set(path, new Error(`Cannot use ${path}: it is missing or lacks what is read of it`));
  for (const part of parts) {
    const { path, read } = SOURCES[part];
    const value = read(files, path, onOdd);
    if (value !== undefined) reading[part] = value;
  }
  return { reading, errors };
}

function readNodes(
  { readFile, listFolder }: HostFiles,
  folder: string,
  onOdd: (path: string) => void,
): readonly NumaNode[] | undefined {
  const nodes: NumaNode[] = [];
  const names = (listFolder(folder) ?? []).filter((name) => /^node\d+$/.test(name));
  if (names.length === 0) onOdd(folder);
  for (const name of names) {
    const path = `${folder}/${name}/meminfo`;
    const memory = parseNodeMeminfo(readFile(path) ?? "");
    if (memory === undefined) onOdd(path);
    else nodes.push({ node: name.slice("node".length), ...memory });
  }
  return nodes.length === 0 ? undefined : nodes.sort((a, b) => Number(a.node) - Number(b.node));
}
