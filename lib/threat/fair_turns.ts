import { FeedError } from "./feed_source.ts";

/** How long a reading may keep the thread from timers and other lists, in milliseconds. */
const LONGEST_TURN_MS = 8;

/** What a reading is bound by. */
export interface FairTurnsOptions {
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never steps. */
  readonly now?: (() => number) | undefined;
  /** Time for the whole reading; without it only the signal ends one. */
  readonly deadlineMs?: number;
}

/**
 * Shares the thread between readings. Bytes that are ready, read in a loop, would leave no timer its
 * turn: neither the one that ends a late reading nor those of other lists.
 */
export class FairTurns {
  readonly #signal: AbortSignal;
  readonly #now: () => number;
  readonly #deadlineMs: number;
  readonly #beganMs: number;
  #turnMs: number;

  constructor({ signal, now = () => performance.now(), deadlineMs = Infinity }: FairTurnsOptions) {
    this.#signal = signal;
    this.#now = now;
    this.#deadlineMs = deadlineMs;
    this.#beganMs = this.#turnMs = now();
  }

  /**
   * Is called after each piece; waits for a turn of the event loop when this one was long.
   *
   * @throws {FeedError} If the time for the reading is over.
   */
  async afterPiece(): Promise<void> {
    this.#check();
    if (this.#now() - this.#turnMs < LONGEST_TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#turnMs = this.#now();
    this.#check();
  }

  #check(): void {
    this.#signal.throwIfAborted();
    if (this.#now() - this.#beganMs >= this.#deadlineMs) throw lateError(this.#deadlineMs);
  }
}

/** The error of an answer that is not whole in time. */
export function lateError(deadlineMs: number): FeedError {
  return new FeedError(`Cannot fetch the list: no whole answer in ${deadlineMs / 1000} s`);
}
