import type { LoopClock } from "../collection_loop.ts";

/** Notices that somebody has said nothing for long, and nothing either when they were asked. */
export class Silence {
  readonly #clock: LoopClock;
  readonly #askAfterMs: number;
  #heardAtMs: number;
  #askedAtMs: number | undefined;

  /** @param askAfterMs After so long without a word they are asked, and once more it is silence. */
  constructor(clock: LoopClock, askAfterMs: number) {
    this.#clock = clock;
    this.#askAfterMs = askAfterMs;
    this.#heardAtMs = clock.now();
  }

  /** They said something. */
  end(): void {
    this.#heardAtMs = this.#clock.now();
    this.#askedAtMs = undefined;
  }

  /** Asks whenever it is time to; returns once it is silence, or with the signal. */
  async fall(ask: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = (this.#askedAtMs ?? this.#heardAtMs) + this.#askAfterMs - this.#clock.now();
      if (waitMs > 0) {
        await this.#clock.sleep(waitMs, signal);
      } else if (this.#askedAtMs === undefined) {
        ask();
        this.#askedAtMs = this.#clock.now();
      } else return;
    }
  }
}
