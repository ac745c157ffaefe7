import type { OvsDb } from "./config/ovs_db.ts";
import type { LogLevel } from "./log/logger.ts";
import type { FromOvs, ToOvs } from "./messages.ts";
import { type OvsState, USUAL_SOCKET } from "./ovs/ovs_state.ts";
import { RestartingWorker } from "./restarting_worker.ts";

/** What the main thread wants to hear of Open vSwitch's database. */
export interface OvsThreadEvents {
  /** Undefined where there is no database to follow. */
  ovs(state: OvsState | undefined): void;
  log(record: Extract<FromOvs, { type: "log" }>["record"]): void;
  /** The thread died; another one is started in its place. */
  died(error: Error): void;
}

/** How often it is looked whether the usual socket has come into being. */
const LOOK_EVERY_MS = 10_000;

/** What a test puts in place of the worker, the usual path and the delays. */
export interface OvsThreadOptions {
  readonly usualSocket?: string;
  readonly lookEveryMs?: number;
  readonly restartAfterMs?: number;
  readonly openWorker?: () => Worker;
}

/**
 * The worker that follows Open vSwitch's database, seen from the main thread. Neither the collecting
 * thread, which sits in C for seconds, nor the one that serves has to answer the database. Where the
 * socket is to be found by itself, there is no worker until it is there.
 */
export class OvsThread {
  readonly #events: OvsThreadEvents;
  readonly #options: OvsThreadOptions;
  #level: LogLevel;
  #worker: RestartingWorker<ToOvs, FromOvs> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    db: Exclude<OvsDb, undefined>,
    level: LogLevel,
    events: OvsThreadEvents,
    options: OvsThreadOptions = {},
  ) {
    this.#events = events;
    this.#options = options;
    this.#level = level;
    if (db === "auto") this.#lookFor(options.usualSocket ?? USUAL_SOCKET);
    else this.#start(db);
  }

  /** Changes how much of the thread's log reaches the main thread. */
  setLogLevel(level: LogLevel): void {
    this.#level = level;
    this.#worker?.setLogLevel(level);
  }

  /** @param deadlineMs How long the thread may take to end its connection. */
  async stop(deadlineMs: number): Promise<void> {
    clearTimeout(this.#timer);
    await this.#worker?.stop(deadlineMs);
  }

  #lookFor(path: string): void {
    if (exists(path)) return this.#start(path);
    this.#events.ovs(undefined);
    const { lookEveryMs = LOOK_EVERY_MS } = this.#options;
    this.#timer = setTimeout(() => this.#lookFor(path), lookEveryMs);
  }

  #start(path: string): void {
    // Nothing is known until the database has answered.
    this.#events.ovs({});
    const { openWorker: open = () => openOvsWorker(path), restartAfterMs } = this.#options;
    const { ovs, log, died } = this.#events;
    this.#worker = new RestartingWorker<ToOvs, FromOvs>({
      ...{ open, log, level: this.#level, restartAfterMs },
      start: (level) => ({ type: "start", path, level }),
      listen: () => ({ state }) => ovs(state),
      died(error) {
        ovs({});
        died(error);
      },
    });
  }
}

/** A worker that may do nothing but connect to this socket. */
function openOvsWorker(path: string): Worker {
  return new Worker(new URL("./ovs_worker.ts", import.meta.url), {
    type: "module",
    name: "ovs",
    deno: { permissions: { read: [path], write: [path] } },
  });
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    // What may not be looked at may be there: the worker says why it cannot be used.
    return !(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory);
  }
}
