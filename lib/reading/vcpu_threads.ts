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

/** What is known of the threads of one run. */
interface Known {
  /** Folders of those that run, such as `/proc/17/task/21`. */
  threads: readonly string[];
  /** What each waited when it was last read. */
  readonly delays: Map<string, VcpuDelay>;
  /** What those waited that have ended: without them the sum would go backwards. */
  ended: Required<VcpuDelay>;
  /** Since when they are sought ever more seldom: since the run is known, or QEMU was another one. */
  firstSoughtMs: number;
  soughtAtMs: number;
  /** Whether its QEMU was there when it was last sought. */
  isVisible: boolean;
}

/**
 * Threads are looked for again after this time: vCPUs may be plugged, and processes may become visible. A run
 * that is younger is looked for again after its age: libvirt lists a domain before QEMU has all its threads.
 */
const MAX_AGE_MS = 60_000;
/** A run may be this old before it is a trouble that no QEMU is seen for it. */
const START_MS = 10_000;
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

  /** Delays by run; one whose threads cannot be seen is left out. Never throws. */
  read(instances: readonly RunningInstance[]): DelaysReading {
    const nowMs = this.#files.now();
    this.#seek(instances.filter(({ run }) => this.#isDue(run, nowMs)), nowMs);
    const hasWait = this.#files.readFile(SCHEDSTATS_SWITCH)?.trim() === "1";
    const delays = new Map<object, VcpuDelay>();
    let isHidden = false;
    for (const { run } of instances) {
      const known = this.#known.get(run);
      if (known === undefined) continue;
      const delay = this.#sum(known, hasWait, nowMs);
      if (delay !== undefined) delays.set(run, delay);
      isHidden ||= !known.isVisible && known.soughtAtMs - known.firstSoughtMs >= START_MS;
    }
    if (delays.size > 0 || !isHidden) return { delays };
    return {
      delays,
      error: new Error(
        `Cannot see QEMU's vCPU threads of any of ${instances.length} instances: expected them in ` +
          "/proc, which hidepid, ProtectProc=invisible or a PID namespace of one's own may hide",
      ),
    };
  }

  #isDue(run: object, nowMs: number): boolean {
    const known = this.#known.get(run);
    if (known === undefined) return true;
    const { soughtAtMs, firstSoughtMs } = known;
    return nowMs - soughtAtMs >= Math.min(MAX_AGE_MS, soughtAtMs - firstSoughtMs);
  }

  /** Looks through all processes once, for all these instances. */
  #seek(instances: readonly RunningInstance[], nowMs: number): void {
    const pids = instances.length === 0 ? undefined : this.#files.listFolder("/proc");
    if (pids === undefined) return;
    const sought = new Map<string, Known>();
    for (const { uuid, run } of instances) {
      const known = this.#known.get(run) ?? {
        threads: [],
        delays: new Map(),
        ended: { stealNs: 0n, waitNs: 0n },
        firstSoughtMs: nowMs,
        soughtAtMs: nowMs,
        isVisible: false,
      };
      this.#known.set(run, known);
      sought.set(uuid, Object.assign(known, { threads: [], soughtAtMs: nowMs, isVisible: false }));
    }
    for (const pid of pids) {
      if (!/^\d+$/.test(pid)) continue;
      const uuid = uuidOf(this.#files.readStart(`/proc/${pid}/cmdline`) ?? "");
      const known = uuid === undefined ? undefined : sought.get(uuid);
      if (known === undefined) continue;
      known.isVisible = true;
      const folders = this.#files.listFolder(`/proc/${pid}/task`) ?? [];
      const threads = folders.map((tid) => `/proc/${pid}/task/${tid}`).filter((folder) =>
        VCPU_THREAD.test(this.#files.readFile(`${folder}/comm`) ?? "")
      );
      if (threads.length > 0) known.threads = threads;
    }
    for (const known of sought.values()) forgetEnded(known);
  }

  /** What all threads waited that ever ran; undefined while none is seen. */
  #sum(known: Known, hasWait: boolean, nowMs: number): VcpuDelay | undefined {
    const before = known.threads.length;
    const delays: VcpuDelay[] = [];
    known.threads = known.threads.filter((folder) => {
      const schedstat = this.#files.readFile(`${folder}/schedstat`);
      if (schedstat === undefined) return false;
      const stealNs = parseRunDelay(schedstat);
      const waitNs = hasWait
        ? parseWaitSum(this.#files.readFile(`${folder}/sched`) ?? "")
        : undefined;
      const delay = {
        ...stealNs !== undefined && { stealNs },
        ...waitNs !== undefined && { waitNs },
      };
      delays.push(delay);
      // Of a thread that ends between its two files, what was known stays.
      known.delays.set(folder, { ...known.delays.get(folder), ...delay });
      return true;
    });
    if (known.threads.length === 0) {
      // All at once: there may be another QEMU.
      if (before > 0) known.firstSoughtMs = known.soughtAtMs = nowMs;
      return undefined;
    }
    const all = [...known.delays.values()];
    const total = (kind: keyof VcpuDelay) =>
      delays.every((delay) => delay[kind] !== undefined)
        ? { [kind]: all.reduce((sum, delay) => sum + (delay[kind] ?? 0n), known.ended[kind]) }
        : {};
    return { ...total("stealNs"), ...total("waitNs") };
  }
}

/** Keeps the sums of threads that are there no more, and forgets the threads. */
function forgetEnded(known: Known): void {
  for (const [folder, { stealNs = 0n, waitNs = 0n }] of known.delays) {
    if (known.threads.includes(folder)) continue;
    known.delays.delete(folder);
    known.ended = { stealNs: known.ended.stealNs + stealNs, waitNs: known.ended.waitNs + waitNs };
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
