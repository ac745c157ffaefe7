import type { Config } from "./config/config.ts";
import type { LogLevel } from "./log/logger.ts";
import type { FromThreats, ThreatsMessage, ToThreats } from "./messages.ts";
import { within } from "./within.ts";

/** What the main thread wants to hear from the thread that reads threat lists. */
export interface ThreatThreadEvents {
  threats(message: ThreatsMessage): void;
  log(record: Extract<FromThreats, { type: "log" }>["record"]): void;
  /** The thread died; another one is started in its place. */
  died(error: Error): void;
}

const RESTART_AFTER_MS = 10_000;

/** What a test puts in place of the worker and its delay. */
export interface ThreatThreadOptions {
  readonly restartAfterMs?: number;
  readonly openWorker?: () => Worker;
}

/**
 * The worker that fetches, parses and indexes threat lists, seen from the main thread. What it does
 * may take seconds for long lists: the collecting thread only receives what came of it.
 */
export class ThreatThread {
  readonly #config: Config;
  readonly #events: ThreatThreadEvents;
  readonly #restartAfterMs: number;
  readonly #openWorker: () => Worker;
  readonly #stopped = Promise.withResolvers<void>();
  #worker: Worker;
  #level: LogLevel;
  #restart: number | undefined;
  #isStopping = false;

  constructor(config: Config, events: ThreatThreadEvents, options: ThreatThreadOptions = {}) {
    this.#config = config;
    this.#events = events;
    this.#restartAfterMs = options.restartAfterMs ?? RESTART_AFTER_MS;
    this.#openWorker = options.openWorker ?? openThreatWorker;
    this.#level = config["log.level"];
    this.#worker = this.#start((message) => events.threats(message));
  }

  /** Changes how much of the thread's log reaches the main thread. */
  setLogLevel(level: LogLevel): void {
    this.#level = level;
    this.#send({ type: "log-level", level });
  }

  /** Reads the lists that are local files again, now. */
  reload(): void {
    this.#send({ type: "reload" });
  }

  /** Hands the lists on again, for a receiver that did not get what was moved to another. */
  resend(): void {
    this.#send({ type: "resend" });
  }

  /** @param deadlineMs How long a reading that runs may take to end. */
  async stop(deadlineMs: number): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    clearTimeout(this.#restart);
    this.#send({ type: "stop" });
    await within(this.#stopped.promise, deadlineMs, undefined);
    this.#worker.terminate();
  }

  #start(threats: (message: ThreatsMessage) => void): Worker {
    const worker = this.#openWorker();
    worker.onmessage = ({ data }: MessageEvent<FromThreats>) => {
      switch (data.type) {
        case "threats":
          return threats(data);
        case "log":
          return this.#events.log(data.record);
        case "stopped":
          return this.#stopped.resolve();
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      // There is nothing left to wait for.
      if (this.#isStopping) return this.#stopped.resolve();
      this.#events.died(event.error instanceof Error ? event.error : new Error(event.message));
      this.#restart = setTimeout(() => {
        this.#worker = this.#start(fromFirstRefresh((message) => this.#events.threats(message)));
      }, this.#restartAfterMs);
    };
    const start: ToThreats = {
      type: "start",
      config: { ...this.#config, "log.level": this.#level },
    };
    worker.postMessage(start);
    return worker;
  }

  #send(message: ToThreats): void {
    this.#worker.postMessage(message);
  }
}

function openThreatWorker(): Worker {
  return new Worker(new URL("./threat_worker.ts", import.meta.url), {
    type: "module",
    name: "threats",
  });
}

/**
 * Hands on nothing until each list was restored or refreshed once, well or not: until then what the
 * thread before had read is matched and told, and not the little that its successor has.
 */
function fromFirstRefresh(
  threats: (message: ThreatsMessage) => void,
): (message: ThreatsMessage) => void {
  let isComplete = false;
  let held: Pick<ThreatsMessage, "index"> = {};
  return ({ type, index, telemetry }) => {
    if (index !== undefined) held = { index };
    isComplete ||= telemetry.every(({ durationMs, lastSuccessMs }) =>
      durationMs !== undefined || lastSuccessMs !== undefined
    );
    if (!isComplete) return;
    threats({ type, telemetry, ...held });
    held = {};
  };
}
