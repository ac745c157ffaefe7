import type { BuildInfo } from "./build_info.ts";
import type { EncodedBody, PageMessage, SegmentedBody } from "./messages.ts";
import { buffersOf } from "./publish.ts";
import type { CollectorFilter } from "./web/collector_filter.ts";
import type { MetricsAnswer, MetricsQuestion, Pages, StatusSnapshot } from "./web/status.ts";

/** The main thread's clock, in milliseconds. */
export interface StoreClock {
  /** Never steps. */
  now(): number;
  /** Since 1970. */
  wall(): number;
  /** Does something once, later. */
  later(action: () => void, afterMs: number): void;
}

/** By then an answer that was made of a page has reached the server. */
const RELEASE_AFTER_MS = 1_000;
/** How long OpenMetrics is rendered after it was last asked for: no scrape interval is longer. */
const OPEN_METRICS_FOR_MS = 900_000;
/** How often the collecting thread is told that it still is: it may be another one by then. */
const TELL_EVERY_MS = 10_000;

/** Holds the newest page on the main thread and knows its age. Reads no clock but the one given. */
export class PageStore implements Pages {
  readonly #clock: StoreClock;
  readonly #build: BuildInfo;
  readonly #askForOpenMetrics: ((forMs: number) => void) | undefined;
  #askedAtMs = -Infinity;
  readonly #startedAtMs: number;
  #page: PageMessage | undefined;
  #receivedAtMs = 0;
  #received = 0;
  #completeAtMs: number | undefined;

  /**
   * @param askForOpenMetrics Lets pages have OpenMetrics for some milliseconds; without it none has.
   */
  constructor(
    build: BuildInfo,
    clock: StoreClock,
    askForOpenMetrics?: (forMs: number) => void,
  ) {
    this.#askForOpenMetrics = askForOpenMetrics;
    this.#build = build;
    this.#clock = clock;
    this.#startedAtMs = clock.wall();
  }

  /** Takes a newer page. */
  put(page: PageMessage): void {
    const previous = this.#page;
    this.#page = page;
    if (previous && previous !== page) this.#clock.later(() => release(previous), RELEASE_AFTER_MS);
    this.#receivedAtMs = this.#clock.now();
    this.#received++;
    if (page.isComplete) this.#completeAtMs = this.#receivedAtMs;
  }

  /**
   * The bytes to answer with. Once the collecting thread was silent for longer than the data lives,
   * only what it knew of its cycles, with libvirt reported as down. OpenMetrics is rendered from the
   * page after the first question on, and text answers until then.
   *
   * @throws {TypeError} If no page was put yet.
   */
  metrics(question: MetricsQuestion): MetricsAnswer {
    const page = this.#page;
    if (!page) throw new TypeError("Cannot serve metrics: no page was rendered yet");
    if (question.openMetrics) this.#keepOpenMetrics();
    const openMetrics = question.openMetrics ? page.openMetrics : undefined;
    const format = openMetrics ? "openMetrics" : "text";
    const { body, stalled } = openMetrics ?? page.text;
    const { plain, gzip, segments } = this.#isStalled(page) ? { ...stalled, segments: [] } : body;
    if (!question.filter) return { format, plain, gzip };
    return { format, plain: chosen(plain, segments, question.filter), gzip: undefined };
  }

  /** Names of the collectors that run, in the order of the page. */
  collectorNames(): readonly string[] {
    return this.#page?.text.body.segments.map(({ collector }) => collector) ?? [];
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

  #keepOpenMetrics(): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#askedAtMs < TELL_EVERY_MS) return;
    this.#askedAtMs = nowMs;
    this.#askForOpenMetrics?.(OPEN_METRICS_FOR_MS);
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
function release({ text, openMetrics, snapshot, stalledSnapshot }: PageMessage): void {
  const buffers = [
    ...[text, ...openMetrics ? [openMetrics] : []].flatMap(buffersOf),
    ...[snapshot, stalledSnapshot].flatMap(({ plain, gzip }) => [plain.buffer, gzip.buffer]),
  ];
  for (const buffer of buffers) {
    if (!buffer.detached) buffer.transfer(0);
  }
}

/** A body without the lines of the collectors that are not wanted, copied. */
function chosen(
  body: Uint8Array<ArrayBuffer>,
  segments: SegmentedBody["segments"],
  isWanted: CollectorFilter,
): Uint8Array<ArrayBuffer> {
  const left = segments.filter(({ collector }) => !isWanted(collector));
  // What is between those that are left out, before and behind them.
  const parts = [...left, undefined].map((next, at) =>
    body.subarray(left[at - 1]?.end ?? 0, next?.start ?? body.length)
  );
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
