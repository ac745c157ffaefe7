import type { ProcessReading } from "../collectors/health.ts";

/** Clock ticks a second in every number of /proc that user programs see (proc(5), `USER_HZ`). */
const TICKS_PER_SECOND = 100;

/** What the readings of this process come from. */
export interface ProcessFiles {
  /** Text of a file below /proc, undefined where it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
  /** Names in a folder below /proc, undefined where it cannot be read. */
  readonly listFolder: (path: string) => readonly string[] | undefined;
}

/** Reads what the kernel says of this process; what it does not say is absent. */
export function readProcess({ readFile, listFolder }: ProcessFiles): ProcessReading {
  const values = {
    ...parseStat(readFile("/proc/self/stat") ?? "", readFile("/proc/stat") ?? ""),
    ...parseStatus(readFile("/proc/self/status") ?? ""),
    maxFds: parseMaxFds(readFile("/proc/self/limits") ?? ""),
    // The folder itself is open while it is listed.
    openFds: add(listFolder("/proc/self/fd")?.length, -1),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** CPU time and start of the process from its `stat` and the system's (proc(5)), in seconds. */
export function parseStat(
  ofProcess: string,
  ofSystem: string,
): { cpuSeconds: number | undefined; startTime: number | undefined } {
  // The command name stands in parentheses and may hold blanks: field 3 follows the last one.
  const fields = ofProcess.slice(ofProcess.lastIndexOf(")") + 2).split(" ");
  const ticks = (field: number) => count(fields[field - 3]);
  const bootTime = count(/^btime (\d+)$/m.exec(ofSystem)?.[1]);
  const cpuTicks = add(ticks(14), ticks(15));
  const startTicks = ticks(22);
  return {
    cpuSeconds: cpuTicks === undefined ? undefined : cpuTicks / TICKS_PER_SECOND,
    startTime: startTicks === undefined ? undefined : add(bootTime, startTicks / TICKS_PER_SECOND),
  };
}

/** Memory of the process from its `status` (proc(5)), in bytes. */
export function parseStatus(
  status: string,
): { residentMemory: number | undefined; virtualMemory: number | undefined } {
  const bytes = (name: string) => {
    const kib = count(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
    return kib === undefined ? undefined : kib * 1024;
  };
  return { residentMemory: bytes("VmRSS"), virtualMemory: bytes("VmSize") };
}

/** Soft limit of open descriptors from `limits` (proc(5)); absent where it is unlimited. */
export function parseMaxFds(limits: string): number | undefined {
  return count(/^Max open files\s+(\d+)\s/m.exec(limits)?.[1]);
}

function count(digits: string | undefined): number | undefined {
  // The kernel's largest has 20 digits; more would be infinite somewhere.
  return digits !== undefined && /^\d{1,20}$/.test(digits) ? Number(digits) : undefined;
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
