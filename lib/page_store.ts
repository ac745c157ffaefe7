import type { EncodedBody, PageMessage } from "./messages.ts";

/** Whether the newest data may be trusted, and why. */
export interface Readiness {
  readonly ready: boolean;
  /** One sentence without a full stop. */
  readonly reason: string;
}

/** Holds the newest page on the main thread and knows its age. Reads no clock but the one given. */
export class PageStore {
  readonly #now: () => number;
  #page: PageMessage | undefined;
  #receivedAtMs = 0;
  #completeAtMs: number | undefined;

  /** @param now Milliseconds of a clock that never steps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The newest page, whatever its age. */
  get page(): PageMessage | undefined {
    return this.#page;
  }

  /** Milliseconds since the newest page of a complete cycle came. */
  get ageMs(): number | undefined {
    return this.#completeAtMs === undefined ? undefined : this.#now() - this.#completeAtMs;
  }

  /** Takes a newer page. */
  put(page: PageMessage): void {
    this.#page = page;
    this.#receivedAtMs = this.#now();
    if (page.isComplete) this.#completeAtMs = this.#receivedAtMs;
  }

  /**
   * The bytes to answer with. Once the collecting thread was silent for longer than the data lives,
   * only its host part, with libvirt reported as down.
   *
   * @throws {TypeError} If no page was put yet.
   */
  metrics(): EncodedBody {
    if (!this.#page) throw new TypeError("Cannot serve metrics: no page was rendered yet");
    return this.#isStalled(this.#page) ? this.#page.stalled : this.#page.body;
  }

  /** Ready from the first complete cycle on, while its data, or newer, is within its lifetime. */
  readiness(): Readiness {
    const ageMs = this.ageMs;
    if (!this.#page || ageMs === undefined) {
      return { ready: false, reason: "No collection cycle is complete yet" };
    }
    const age = `The newest complete cycle is ${Math.round(ageMs / 1000)} s old`;
    return { ready: ageMs <= this.#page.lifetimeMs, reason: age };
  }

  #isStalled({ lifetimeMs }: PageMessage): boolean {
    return this.#now() - this.#receivedAtMs > lifetimeMs;
  }
}
