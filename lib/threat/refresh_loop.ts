import type { LoopClock } from "../collection_loop.ts";

/** A refresh comes up to this part of its interval earlier than the flag says, never later. */
const JITTER = 0.1;

/**
 * Refreshes at once and then from start to start after an interval, each a little shorter at random,
 * so that the nodes of a cloud do not ask one server at the same moment for ever. Refreshes never
 * overlap; a failed one changes nothing of this.
 */
export class RefreshLoop {
  readonly #refresh: () => Promise<void>;
  readonly #intervalMs: number;
  readonly #clock: LoopClock;
  readonly #random: () => number;
  #awake = new AbortController();

  /** @param options `random` gives numbers from 0 up to 1. */
  constructor(refresh: () => Promise<void>, options: {
    readonly intervalMs: number;
    readonly clock: LoopClock;
    readonly random?: () => number;
  }) {
    this.#refresh = refresh;
    this.#intervalMs = options.intervalMs;
    this.#clock = options.clock;
    this.#random = options.random ?? Math.random;
  }

  /** Refreshes now, or as soon as the refresh that runs has ended. */
  wake(): void {
    this.#awake.abort();
  }

  /** Runs until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedMs = this.#clock.now();
      this.#awake = new AbortController();
      await this.#refresh();
      const waitMs = this.#intervalMs * (1 - JITTER * this.#random());
      const leftMs = Math.max(0, startedMs + waitMs - this.#clock.now());
      const either = AbortSignal.any([signal, this.#awake.signal]);
      if (!either.aborted) await this.#clock.sleep(leftMs, either);
    }
  }
}
