import { type CollectorEvents, CollectorThread } from "./collector_thread.ts";
import type { Config } from "./config/config.ts";
import type { Logger, LogLevel } from "./log/logger.ts";
import type { PageMessage, ThreatsMessage } from "./messages.ts";
import type { OvsState } from "./ovs/ovs_state.ts";
import type { Beat } from "./pulse.ts";
import { shutDownLibvirtSockets } from "./reading/libvirt_sockets.ts";
import { Watchdog } from "./watchdog.ts";

/** What a {@link CollectorSupervisor} gives to, and needs from, the program. */
export interface SupervisorOptions extends Pick<CollectorEvents, "page" | "log" | "contacts"> {
  /** A cycle came to its end with this page, whatever it could read; maybe the page is held back. */
  readonly cycled: (page: PageMessage) => void;
  /** A new thread took the place of another; it has no threat lists yet. */
  readonly replaced: () => void;
  /** Where it tells of its own measures. */
  readonly logger: Logger;
  /** Milliseconds of a clock that never steps; `performance.now` unless given. */
  readonly now?: () => number;
  /** How to start a thread; {@link CollectorThread} unless given. */
  readonly startThread?: (config: Config, events: CollectorEvents) => SupervisedThread;
  /** How to wake libvirt; {@link shutDownLibvirtSockets} unless given. */
  readonly wake?: (uri: string) => number;
}

/** The part of a thread that its supervisor uses. */
export type SupervisedThread = Pick<
  CollectorThread,
  "beat" | "setLogLevel" | "wantOpenMetrics" | "setThreats" | "setOvs" | "stop" | "abandon"
>;

/** How often the thread's beat is looked at. */
const LOOK_EVERY_MS = 500;
/** At the end of the program a call gets so long to end by itself, and its repetition as long. */
const WAKE_EVERY_MS = 500;
/** A defect that comes back within the hour this often is not helped by one more thread. */
const MOST_REPLACEMENTS = 3;
const WITHIN_MS = 3_600_000;

/**
 * Keeps a collecting thread at work: wakes it where libvirt does not answer, replaces it where that
 * does not help or where it crashed, and gives up where that does not help either.
 *
 * A new thread knows nothing of the old one. Its counters begin at zero, as after a restart of the
 * program, and its pages are held back until one is complete, as long as the old data lives.
 */
export class CollectorSupervisor {
  readonly #options: SupervisorOptions;
  readonly #now: () => number;
  readonly #failed = Promise.withResolvers<Error>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #replacedAtMs: number[] = [];
  #config: Config;
  /** Tells a new thread what the one before knew of Open vSwitch's database. */
  #tellOvs: (() => void) | undefined;
  #watchdog: Watchdog;
  #thread: SupervisedThread;
  #lookedAtMs: number;
  #heldUntilMs = -Infinity;
  #dataDiesAtMs = -Infinity;
  #isOver = false;

  /** Starts the first thread and the clock that watches it. */
  constructor(config: Config, options: SupervisorOptions) {
    this.#config = config;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#watchdog = this.#newWatchdog();
    this.#thread = this.#startThread();
    this.#lookedAtMs = this.#now();
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  /** Settles with the reason when collecting cannot go on. */
  get failed(): Promise<Error> {
    return this.#failed.promise;
  }

  /** Changes how much of the threads' log reaches the main thread. */
  setLogLevel(level: LogLevel): void {
    this.#config = { ...this.#config, "log.level": level };
    this.#thread.setLogLevel(level);
  }

  /** Lets pages have OpenMetrics, as {@link CollectorThread.wantOpenMetrics} does. */
  wantOpenMetrics(forMs: number): void {
    this.#thread.wantOpenMetrics(forMs);
  }

  /** Hands on how the threat lists stand, as {@link CollectorThread.setThreats} does. */
  setThreats(message: ThreatsMessage): void {
    this.#thread.setThreats(message);
  }

  /** Hands on what is known of Open vSwitch's database, to threads that come later too. */
  setOvs(state: OvsState | undefined): void {
    this.#tellOvs = () => this.#thread.setOvs(state);
    this.#tellOvs();
  }

  /** Ends watching, and the thread as {@link CollectorThread.stop} does; a call to libvirt is cut short. */
  async stop(deadlineMs: number): Promise<void> {
    this.#end();
    const { wake = shutDownLibvirtSockets } = this.#options;
    // More than once: a call that fails so is made again on a new connection.
    const waker = setInterval(() => wake(this.#config["libvirt.uri"]), WAKE_EVERY_MS);
    await this.#thread.stop(deadlineMs);
    clearInterval(waker);
  }

  /** Judges the thread now; the clock calls it. */
  look(): void {
    if (this.#isOver) return;
    const nowMs = this.#now();
    // More than this only passes where the machine or this process did not run, thread and all.
    const elapsedMs = Math.min(nowMs - this.#lookedAtMs, 2 * LOOK_EVERY_MS);
    this.#lookedAtMs = nowMs;
    const beat = this.#thread.beat;
    switch (this.#watchdog.look(elapsedMs, beat)) {
      case "well":
        return;
      case "wake":
        return this.#wake(beat);
      case "replace":
        return this.#replace(
          new Error(`The collecting thread is stuck in the phase ${beat.phase}`),
        );
    }
  }

  #wake({ id }: Beat): void {
    const { logger, wake = shutDownLibvirtSockets } = this.#options;
    const connections = wake(this.#config["libvirt.uri"]);
    if (connections > 0) {
      logger.error("libvirt does not answer, its connection was cut", { connections });
    } else if (this.#thread.beat.id === id) {
      // The call would stay in flight beside a new thread's: only the end of the process ends it.
      this.#fail(
        new Error("libvirt does not answer, and no connection to it was found on this host"),
      );
    }
  }

  #replace(reason: Error): void {
    if (this.#isOver) return;
    this.#thread.abandon();
    const nowMs = this.#now();
    while (nowMs - (this.#replacedAtMs[0] ?? nowMs) > WITHIN_MS) this.#replacedAtMs.shift();
    if (this.#replacedAtMs.length === MOST_REPLACEMENTS) return this.#fail(reason);
    this.#replacedAtMs.push(nowMs);
    const { message, cause } = reason;
    this.#options.logger.error("A new collecting thread starts", {
      reason: message,
      replacements: this.#replacedAtMs.length,
      stack: cause instanceof Error ? cause.stack : undefined,
    });
    this.#heldUntilMs = this.#dataDiesAtMs;
    this.#watchdog = this.#newWatchdog();
    this.#thread = this.#startThread();
    this.#tellOvs?.();
    this.#options.replaced();
  }

  #newWatchdog(): Watchdog {
    return new Watchdog(this.#config["collection.interval"]);
  }

  #startThread(): SupervisedThread {
    const {
      log,
      contacts,
      cycled,
      startThread = (config, events) => new CollectorThread(config, events),
    } = this.#options;
    let isCycle = false;
    return startThread(this.#config, {
      page: (page) => {
        if (isCycle) cycled(page);
        // The first page comes before anything was read.
        isCycle = true;
        this.#take(page);
      },
      log,
      contacts,
      failed: (error) => this.#fail(error),
      crashed: (error) => this.#replace(error),
    });
  }

  #take(page: PageMessage): void {
    const nowMs = this.#now();
    if (page.isComplete) {
      this.#watchdog.completed();
      this.#dataDiesAtMs = nowMs + page.lifetimeMs;
      this.#heldUntilMs = -Infinity;
    }
    if (nowMs >= this.#heldUntilMs) this.#options.page(page);
  }

  #fail(error: Error): void {
    this.#end();
    this.#failed.resolve(error);
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
  }
}
