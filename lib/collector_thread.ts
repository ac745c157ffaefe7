import { BUILD } from "./build_info.ts";
import type { Config } from "./config/config.ts";
import type { LogLevel } from "./log/logger.ts";
import type { FromCollector, PageMessage, ThreatsMessage, ToCollector } from "./messages.ts";
import type { OvsState } from "./ovs/ovs_state.ts";
import { type Beat, Pulse } from "./pulse.ts";
import { transferablesOf } from "./threat/threat_index.ts";
import { within } from "./within.ts";

/** What the main thread wants to hear from the collecting thread. */
export interface CollectorEvents {
  page(page: PageMessage): void;
  log(record: Extract<FromCollector, { type: "log" }>["record"]): void;
  contacts(lines: readonly string[]): void;
  /** The program cannot do its work at all: the message is one line for the operator. */
  failed(error: Error): void;
  /** A defect ended the thread's work; the cause has the stack. */
  crashed(error: Error): void;
}

/**
 * The worker that owns every native handle, seen from the main thread, which never waits for it: the
 * worker may sit in a C call for as long as that takes.
 */
export class CollectorThread {
  readonly #worker: Worker;
  readonly #pulse = new Pulse();
  readonly #stopped = Promise.withResolvers<void>();
  #isStopping = false;

  /** Starts the thread; its first page comes at once, before anything was read. */
  constructor(config: Config, events: CollectorEvents) {
    this.#worker = new Worker(new URL("./collector_worker.ts", import.meta.url), {
      type: "module",
      name: "collector",
      // It opens no file and no connection but through the C libraries.
      deno: { permissions: { ffi: true, sys: ["networkInterfaces"] } },
    });
    this.#worker.onmessage = ({ data }: MessageEvent<FromCollector>) => {
      switch (data.type) {
        case "page":
          return events.page(data);
        case "log":
          return events.log(data.record);
        case "contacts":
          return events.contacts(data.lines);
        case "failed":
          return events.failed(new Error(data.message));
        case "crashed":
          return events.crashed(crash(data.message, data.stack));
        case "stopped":
          return this.#stopped.resolve();
      }
    };
    // What is thrown before the thread can report it itself.
    this.#worker.onerror = (event) => {
      event.preventDefault();
      events.crashed(crash(event.message, event.error?.stack));
    };
    this.#send({ type: "start", config, build: BUILD, pulse: this.#pulse.buffer });
  }

  /** The newest sign of life; that of the thread, even where its messages still wait. */
  get beat(): Beat {
    return this.#pulse.read();
  }

  /** Changes how much of the thread's log reaches the main thread. */
  setLogLevel(level: LogLevel): void {
    this.#send({ type: "log-level", level });
  }

  /** Lets pages have OpenMetrics too for the next `forMs` milliseconds. */
  wantOpenMetrics(forMs: number): void {
    this.#send({ type: "open-metrics", forMs });
  }

  /** Hands on how the threat lists stand; the memory of an index is moved, not copied. */
  setThreats(message: ThreatsMessage): void {
    const transfer = message.index ? transferablesOf(message.index) : [];
    this.#worker.postMessage(message satisfies ToCollector, transfer);
  }

  /** Hands on what is known of Open vSwitch's database. */
  setOvs(state: OvsState | undefined): void {
    this.#send({ type: "ovs", state });
  }

  /**
   * Lets the cycle that runs end and its handles close.
   *
   * @param deadlineMs How long to wait for that; a thread that still sits in C then is left behind.
   */
  async stop(deadlineMs: number): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#send({ type: "stop" });
    await within(this.#stopped.promise, deadlineMs, undefined);
    this.#worker.terminate();
  }

  /** Ends the thread at once. Where it sits in C, that call and its handles are left behind. */
  abandon(): void {
    this.#isStopping = true;
    this.#worker.onmessage = null;
    this.#worker.onerror = (event) => event.preventDefault();
    this.#worker.terminate();
  }

  #send(message: ToCollector): void {
    this.#worker.postMessage(message);
  }
}

function crash(message: string, stack: string | undefined): Error {
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  return new Error(`The collecting thread died: ${message}`, { cause });
}
