/** When a cycle began against its schedule. */
export interface Start {
  /** By the loop's clock, in milliseconds. */
  readonly startedAtMs: number;
  /** How long after it was due. */
  readonly lagMs: number;
  /** Starts that were due while an earlier cycle still ran, since the loop began. */
  readonly skippedTotal: number;
}

/** What the loop needs of time: a clock that never steps, and a sleep that an abort ends early. */
export interface LoopClock {
  /** Milliseconds. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Runs `cycle` on a fixed schedule until the signal: at once, then every `intervalMs` from start to
 * start. Cycles never overlap; a start that is due while one still runs is skipped and counted, and
 * the next one keeps to the schedule.
 */
export async function runCollectionLoop(
  cycle: (start: Start) => void | Promise<void>,
  options: { readonly intervalMs: number; readonly clock: LoopClock; readonly signal: AbortSignal },
): Promise<void> {
  const { intervalMs, clock, signal } = options;
  const beganAtMs = clock.now();
  let turn = 0;
  let skippedTotal = 0;
  while (!signal.aborted) {
    const dueAtMs = beganAtMs + turn * intervalMs;
    const waitMs = dueAtMs - clock.now();
    // A zero sleep lets messages, feeds and signals through between two cycles without a pause.
    await clock.sleep(Math.max(0, waitMs), signal);
    if (signal.aborted) return;
    const startedAtMs = clock.now();
    await cycle({ startedAtMs, lagMs: Math.max(0, startedAtMs - dueAtMs), skippedTotal });
    const next = Math.max(turn + 1, Math.ceil((clock.now() - beganAtMs) / intervalMs));
    skippedTotal += next - turn - 1;
    turn = next;
  }
}

/** Sleeps by the system's timer; returns at once when the signal is given. */
export function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
