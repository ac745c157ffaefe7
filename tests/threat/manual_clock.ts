import type { LoopClock } from "../../lib/collection_loop.ts";

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock that a test moves: sleeps end when it passes their time, or with their signal. */
export class ManualClock implements LoopClock {
  #nowMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { dueMs: this.#nowMs + ms, wake: () => end() };
      const end = () => {
        signal.removeEventListener("abort", end);
        this.#sleepers.delete(sleeper);
        resolve();
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", end);
    });
  }

  /** When each sleep ends, the next one first. */
  get due(): readonly number[] {
    return Array.from(this.#sleepers, ({ dueMs }) => dueMs).toSorted((a, b) => a - b);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const sleeper of this.#sleepers) if (sleeper.dueMs <= this.#nowMs) sleeper.wake();
  }
}

/** Lets everything go on that waits for nothing but its turn, file operations included. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
