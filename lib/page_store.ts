import type { BuildInfo } from "./build_info.ts";
import type { EncodedBody, PageMessage } from "./messages.ts";
import type { Pages, StatusSnapshot } from "./web/status.ts";

/** Holds the newest page on the main thread and knows its age. Reads no clock but the one given. */
export class PageStore implements Pages {
  readonly #clock: { now(): number; wall(): number };
  readonly #build: BuildInfo;
  readonly #startedAtMs: number;
  #page: PageMessage | undefined;
  /** Kept for one page more: an answer that was made of it may not have reached the server yet. */
  #previous: PageMessage | undefined;
  #receivedAtMs = 0;
  #received = 0;
  #completeAtMs: number | undefined;

  /** @param clock `now` never steps, `wall` counts from 1970; both are milliseconds. */
  constructor(build: BuildInfo, clock: { now(): number; wall(): number }) {
    this.#build = build;
    this.#clock = clock;
    this.#startedAtMs = clock.wall();
  }

  /** Takes a newer page. */
  put(page: PageMessage): void {
    if (this.#previous && this.#previous !== page) release(this.#previous);
    this.#previous = this.#page;
    this.#page = page;
    this.#receivedAtMs = this.#clock.now();
    this.#received++;
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

  /**
   * The snapshot to answer with, and a tag that changes with it.
   *
   * @throws {TypeError} If no page was put yet.
   */
  snapshot(): EncodedBody & { readonly tag: string } {
    if (!this.#page) throw new TypeError("Cannot serve a snapshot: no page was rendered yet");
    const isStalled = this.#isStalled(this.#page);
    const { plain, gzip } = isStalled ? this.#page.stalledSnapshot : this.#page.snapshot;
    const tag = `${this.#startedAtMs.toString(36)}-${this.#received.toString(36)}`;
    return { plain, gzip, tag: isStalled ? `${tag}-stalled` : tag };
  }

  /** Ready from the first complete cycle on, while its data, or newer, is within its lifetime. */
  ready(): { readonly ready: boolean; readonly reason: string } {
    const ageMs = this.#ageMs();
    if (!this.#page || ageMs === undefined) {
      return { ready: false, reason: "No collection cycle is complete yet" };
    }
    const reason = `The newest complete cycle is ${Math.round(ageMs / 1000)} s old`;
    return { ready: ageMs <= this.#page.lifetimeMs, reason };
  }

  /** What the page at `/` tells. */
  status(): StatusSnapshot {
    const page = this.#page;
    const ageMs = this.#ageMs();
    const isStalled = page === undefined || this.#isStalled(page);
    return {
      version: this.#build.version,
      revision: this.#build.revision,
      startedAtMs: this.#startedAtMs,
      lastCollectionMs: ageMs === undefined ? undefined : this.#clock.wall() - ageMs,
      libvirtUp: !isStalled && page.libvirtUp,
      conntrackUp: !isStalled && page.conntrackUp,
      collectors: page?.collectors ?? [],
      instances: page?.instances ?? 0,
      series: page?.series ?? 0,
    };
  }

  #ageMs(): number | undefined {
    return this.#completeAtMs === undefined ? undefined : this.#clock.now() - this.#completeAtMs;
  }

  #isStalled({ lifetimeMs }: PageMessage): boolean {
    return this.#clock.now() - this.#receivedAtMs > lifetimeMs;
  }
}

/**
 * Gives the memory of a page back at once, except for what is just being sent. This thread makes so
 * little garbage that the collector would let tens of dead pages pile up first.
 */
function release({ body, stalled, snapshot, stalledSnapshot }: PageMessage): void {
  for (const { plain, gzip } of [body, stalled, snapshot, stalledSnapshot]) {
    for (const { buffer } of [plain, gzip]) if (!buffer.detached) buffer.transfer(0);
  }
}
