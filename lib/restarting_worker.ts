import type { LogRecord } from "./log/forward.ts";
import type { LogLevel } from "./log/logger.ts";
import type { Crash, WorkerNews, WorkerOrder } from "./messages.ts";
import { within } from "./within.ts";

/** What a {@link RestartingWorker} is made of. */
export interface RestartingWorkerOptions<To, From> {
  readonly open: () => Worker;
  /** The first message to each worker, at the level of the log that counts then. */
  readonly start: (level: LogLevel) => To;
  /** Makes what hears one worker, the first or one that took the place of another. */
  readonly listen: (isFirst: boolean) => (message: Exclude<From, WorkerNews>) => void;
  readonly log: (record: LogRecord) => void;
  /** The worker died; another one is started in its place. */
  readonly died: (error: Error) => void;
  readonly level: LogLevel;
  readonly restartAfterMs?: number | undefined;
}

const RESTART_AFTER_MS = 10_000;

/**
 * A worker of the kind that the program can be without for a while: ten seconds after it died another
 * takes its place, with the same first message.
 */
export class RestartingWorker<To, From extends { readonly type: string }> {
  readonly #options: RestartingWorkerOptions<To, From>;
  readonly #stopped = Promise.withResolvers<void>();
  #level: LogLevel;
  #worker: Worker | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #isStopping = false;

  /** Starts the first worker. */
  constructor(options: RestartingWorkerOptions<To, From>) {
    this.#options = options;
    this.#level = options.level;
    this.#start(true);
  }

  /** Changes how much of the log reaches this thread, of workers that come later too. */
  setLogLevel(level: LogLevel): void {
    this.#level = level;
    this.#order({ type: "log-level", level });
  }

  /** Sends a message; it is lost where there is no worker at this moment. */
  post(message: To): void {
    this.#worker?.postMessage(message);
  }

  /** @param deadlineMs How long the worker may take to end what it does. */
  async stop(deadlineMs: number): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    clearTimeout(this.#restart);
    if (this.#worker === undefined) return;
    this.#order({ type: "stop" });
    await within(this.#stopped.promise, deadlineMs, undefined);
    this.#worker?.terminate();
  }

  #start(isFirst: boolean): void {
    const { open, start, listen, log } = this.#options;
    const hear = listen(isFirst);
    const worker = open();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<From | WorkerNews>) => {
      if (!isNews(data)) return hear(data as Exclude<From, WorkerNews>);
      switch (data.type) {
        case "log":
          return log(data.record);
        case "crashed":
          return this.#replace(worker, crash(data));
        case "stopped":
          return this.#stopped.resolve();
      }
    };
    // What is thrown before the thread can report it itself.
    worker.onerror = (event) => {
      event.preventDefault();
      this.#replace(worker, event.error instanceof Error ? event.error : new Error(event.message));
    };
    this.post(start(this.#level));
  }

  #replace(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    worker.onmessage = null;
    worker.terminate();
    this.#worker = undefined;
    // There is nothing left to wait for.
    if (this.#isStopping) return this.#stopped.resolve();
    const { died, restartAfterMs = RESTART_AFTER_MS } = this.#options;
    died(error);
    this.#restart = setTimeout(() => this.#start(false), restartAfterMs);
  }

  #order(order: WorkerOrder): void {
    this.#worker?.postMessage(order);
  }
}

function isNews(message: { readonly type: string }): message is WorkerNews {
  return message.type === "log" || message.type === "crashed" || message.type === "stopped";
}

function crash({ message, stack }: Crash): Error {
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
