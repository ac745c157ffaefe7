/** How long the host's scheduler let the vCPUs of one instance wait, summed over them. */
export interface VcpuDelay {
  /** Time they could have run and waited for a CPU; absent where the kernel does not count it. */
  readonly stealNs?: bigint;
  /** The scheduler's own `wait_sum`; absent unless its statistics are switched on. */
  readonly waitNs?: bigint;
}

/** An instance as far as its threads are looked for. */
export interface RunningInstance {
  /** One object for each run of the domain. */
  readonly run: object;
  readonly uuid: string;
}

/** What the readings come from. */
export interface VcpuThreadFiles {
  /** Text of a file below /proc, undefined where it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
  /** As much of it as holds a QEMU's own arguments: of a command line, which any user may make long. */
  readonly readStart: (path: string) => string | undefined;
  /** Names in a folder below /proc, undefined where it cannot be read. */
  readonly listFolder: (path: string) => readonly string[] | undefined;
  /** Milliseconds of a clock that never steps. */
  readonly now: () => number;
}

/** Delays of instances by their runs, and why there are none. */
export interface DelaysReading {
  readonly delays: ReadonlyMap<object, VcpuDelay>;
  readonly error?: Error;
}

/** Threads of an instance, or that none were found. */
interface Known {
  /** Folders such as `/proc/17/task/21`. */
  readonly threads: readonly string[];
  readonly foundAtMs: number;
}

/** Threads are looked for again after this time: vCPUs may be plugged, and processes may become visible. */
const MAX_AGE_MS = 60_000;
const SCHEDSTATS_SWITCH = "/proc/sys/kernel/sched_schedstats";
/** QEMU's names of its threads under `debug-threads=on`, which libvirt always gives. */
const VCPU_THREAD = /^(CPU \d+|ALL CPUs)\//;

/**
 * Reads how long vCPUs waited from the files of their threads: world-readable, no lock of the guest, and
 * a thirtieth of the cost of libvirt's VCPU group, which asks each QEMU for tens of statistics of each
 * vCPU (80 vCPUs: 2.4 ms against 66 ms).
 */
export class VcpuThreads {
  readonly #files: VcpuThreadFiles;
  readonly #known = new WeakMap<object, Known>();

  constructor(files: VcpuThreadFiles) {
    this.#files = files;
  }

  /** Delays by run; one whose threads cannot be seen, or not all of them, is left out. Never throws. */
  read(instances: readonly RunningInstance[]): DelaysReading {
    const nowMs = this.#files.now();
    this.#find(instances.filter(({ run }) => this.#isOld(run, nowMs)), nowMs);
    const hasWait = this.#files.readFile(SCHEDSTATS_SWITCH)?.trim() === "1";
    const delays = new Map<object, VcpuDelay>();
    for (const { run } of instances) {
      const threads = this.#known.get(run)?.threads ?? [];
      if (threads.length === 0) continue;
      const delay = this.#sum(threads, hasWait);
      // A thread ended: which ones there are now, the next cycle finds.
      if (delay === undefined) this.#known.delete(run);
      else delays.set(run, delay);
    }
    if (delays.size > 0 || instances.length === 0) return { delays };
    return {
      delays,
      error: new Error(
        `Cannot see QEMU's vCPU threads of any of ${instances.length} instances: expected them in ` +
          "/proc, which hidepid, ProtectProc=invisible or a PID namespace of one's own may hide",
      ),
    };
  }

  #isOld(run: object, nowMs: number): boolean {
    const known = this.#known.get(run);
    return known === undefined || nowMs - known.foundAtMs >= MAX_AGE_MS;
  }

  /** Looks through all processes once, for all these instances. */
  #find(instances: readonly RunningInstance[], foundAtMs: number): void {
    if (instances.length === 0) return;
    const runs = new Map(instances.map(({ uuid, run }) => [uuid, run]));
    for (const run of runs.values()) this.#known.set(run, { threads: [], foundAtMs });
    for (const pid of this.#files.listFolder("/proc") ?? []) {
      if (!/^\d+$/.test(pid)) continue;
      const uuid = uuidOf(this.#files.readStart(`/proc/${pid}/cmdline`) ?? "");
      const run = uuid === undefined ? undefined : runs.get(uuid);
      if (run === undefined) continue;
      const folders = this.#files.listFolder(`/proc/${pid}/task`) ?? [];
      const threads = folders.map((tid) => `/proc/${pid}/task/${tid}`).filter((folder) =>
        VCPU_THREAD.test(this.#files.readFile(`${folder}/comm`) ?? "")
      );
      if (threads.length > 0) this.#known.set(run, { threads, foundAtMs });
    }
  }

  #sum(threads: readonly string[], hasWait: boolean): VcpuDelay | undefined {
    let stealNs: bigint | undefined = 0n;
    let waitNs: bigint | undefined = hasWait ? 0n : undefined;
    for (const folder of threads) {
      const schedstat = this.#files.readFile(`${folder}/schedstat`);
      if (schedstat === undefined) return undefined;
      stealNs = add(stealNs, parseRunDelay(schedstat));
      if (hasWait) {
        waitNs = add(waitNs, parseWaitSum(this.#files.readFile(`${folder}/sched`) ?? ""));
      }
    }
    return { ...stealNs !== undefined && { stealNs }, ...waitNs !== undefined && { waitNs } };
  }
}

/** The UUID that a QEMU's command line names, as an argument of its own: guests cannot add any. */
function uuidOf(commandLine: string): string | undefined {
  const args = commandLine.split("\0");
  const at = args.indexOf("-uuid");
  return at < 0 ? undefined : args[at + 1];
}

/**
 * Nanoseconds that a thread waited for a CPU, from its `schedstat`: time on a CPU, time waited, times
 * run. Source: the kernel's Documentation/scheduler/sched-stats.rst; without CONFIG_SCHED_INFO all are 0.
 */
export function parseRunDelay(schedstat: string): bigint | undefined {
  const [, onCpu, waited, times] = /^(\d+) (\d+) (\d+)\s*$/.exec(schedstat) ?? [];
  if (waited === undefined || (onCpu === "0" && waited === "0" && times === "0")) return undefined;
  return BigInt(waited);
}

/**
 * Nanoseconds of `wait_sum` in a thread's `sched`, which has it as milliseconds with six decimals; up to
 * Linux 5.15 under the name `se.statistics.wait_sum` (kernel/sched/debug.c, proc_sched_show_task).
 */
export function parseWaitSum(sched: string): bigint | undefined {
  const [, ms, ns] = /^(?:se\.statistics(?:\.|->))?wait_sum\s*:\s*(\d+)\.(\d{6})$/m.exec(sched) ??
    [];
  return ms === undefined || ns === undefined ? undefined : BigInt(ms) * 1_000_000n + BigInt(ns);
}

function add(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
