import type { Config } from "./config/config.ts";
import type { LogLevel } from "./log/logger.ts";
import type { FromThreats, ThreatsMessage, ToThreats } from "./messages.ts";
import { RestartingWorker } from "./restarting_worker.ts";

/** What the main thread wants to hear from the thread that reads threat lists. */
export interface ThreatThreadEvents {
  threats(message: ThreatsMessage): void;
  log(record: Extract<FromThreats, { type: "log" }>["record"]): void;
  /** The thread died; another one is started in its place. */
  died(error: Error): void;
}

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
  readonly #worker: RestartingWorker<ToThreats, FromThreats>;

  constructor(config: Config, events: ThreatThreadEvents, options: ThreatThreadOptions = {}) {
    const folder = config["threat.cache.dir"];
    const { openWorker: open = () => openThreatWorker(folder), restartAfterMs } = options;
    const { threats, log, died } = events;
    this.#worker = new RestartingWorker<ToThreats, FromThreats>({
      ...{ open, log, died, level: config["log.level"], restartAfterMs },
      start: (level) => ({ type: "start", config: { ...config, "log.level": level } }),
      listen: (isFirst) => isFirst ? threats : fromFirstRefresh(threats),
    });
  }

  /** Changes how much of the thread's log reaches the main thread. */
  setLogLevel(level: LogLevel): void {
    this.#worker.setLogLevel(level);
  }

  /** Reads the lists that are local files again, now. */
  reload(): void {
    this.#worker.post({ type: "reload" });
  }

  /** Hands the lists on again, for a receiver that did not get what was moved to another. */
  resend(): void {
    this.#worker.post({ type: "resend" });
  }

  /** @param deadlineMs How long a reading that runs may take to end. */
  async stop(deadlineMs: number): Promise<void> {
    await this.#worker.stop(deadlineMs);
  }
}

/** A worker that may read lists wherever they are, and write to no place but this folder, if it has a name. */
function openThreatWorker(folder: string): Worker {
  return new Worker(new URL("./threat_worker.ts", import.meta.url), {
    type: "module",
    name: "threats",
    deno: {
      permissions: {
        ...{ net: true, read: true, ffi: true, env: ["SSL_CERT_FILE"] },
        write: folder === "" ? false : [folder],
      },
    },
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
