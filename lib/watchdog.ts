import type { Beat } from "./pulse.ts";

/** What to do about the collecting thread. */
export type Verdict =
  | "well"
  /** It waits for libvirt's answer for too long: shut its socket down, which ends the wait. */
  | "wake"
  /** It is stuck where nothing wakes it, or waking did not help. */
  | "replace";

/**
 * The least deadline. A bulk call takes 9 ms for each guest under nested virtualization, the slowest
 * measured: 5 s for 500 guests, and as much again three times for a host that is busy.
 */
const LEAST_DEADLINE_MS = 15_000;
/** The largest: an interval of minutes makes no call slower. */
const MOST_DEADLINE_MS = 60_000;
const INTERVALS = 3;
/** What a phase that waits for no daemon gets beside: nothing but a busy host makes it slow. */
const OWN_WORK_MS = 60_000;
/** How far deadlines grow while waking does not lead to a complete cycle. */
const MOST_GROWTH = 4;

/** How long libvirt may take for one phase of a cycle before something is done about it. */
export function deadlineMs(intervalMs: number): number {
  return Math.min(MOST_DEADLINE_MS, Math.max(LEAST_DEADLINE_MS, INTERVALS * intervalMs));
}

/**
 * Judges the collecting thread by its beats. Deadlines double, up to four times, with each waking
 * that no complete cycle followed: a frozen libvirtd gets few connections to find when it goes on,
 * and a host that is slower than any measured gets its time.
 */
export class Watchdog {
  readonly #intervalMs: number;
  #seen = -1;
  #silentMs = 0;
  #wakings = 0;
  #isWoken = false;

  /** @param intervalMs Time from one cycle to the next. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /**
   * Looks at the newest beat.
   *
   * @param elapsedMs Time since the last look in which this process ran: a machine that was
   * suspended, thread and all, makes nobody overdue.
   */
  look(elapsedMs: number, { id, phase }: Beat): Verdict {
    if (id !== this.#seen) {
      this.#seen = id;
      this.#silentMs = 0;
      this.#isWoken = false;
      return "well";
    }
    this.#silentMs += elapsedMs;
    const growth = Math.min(MOST_GROWTH, 2 ** this.#wakings);
    const isAsking = phase === "libvirt" || phase === "connect";
    const sleepMs = phase === "idle" ? this.#intervalMs : 0;
    const graceMs = isAsking ? 0 : sleepMs + OWN_WORK_MS;
    if (this.#silentMs <= graceMs + growth * deadlineMs(this.#intervalMs)) return "well";
    if (this.#isWoken || !isAsking) return "replace";
    this.#silentMs = 0;
    this.#isWoken = true;
    this.#wakings++;
    return "wake";
  }

  /** Notes that a cycle listed the domains. */
  completed(): void {
    this.#wakings = 0;
  }
}
