import type { LoopClock } from "../collection_loop.ts";
import type { Logger } from "../log/logger.ts";
import { TroubleLog } from "../log/trouble_log.ts";
import type { OvsdbConnection } from "./ovsdb_connection.ts";
import { OvsdbError } from "./ovsdb_error.ts";
import { followZones } from "./ovsdb_session.ts";
import type { OvsState } from "./ovs_state.ts";
import type { ZoneRows } from "./zone_rows.ts";

/**
 * The wait after the first failure; it doubles with each one that follows, up to the longest, until
 * the database was followed for at least as long as the last wait.
 */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Changes are told no more often than this. */
const TELL_EVERY_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;

const TROUBLE = "Open vSwitch's database cannot be followed";

/** What an {@link OvsWatch} needs of its surroundings. */
export interface OvsWatchOptions {
  readonly connect: () => Promise<OvsdbConnection>;
  /** Is told the newest state whenever it changed; with the loss of the database it knows nothing. */
  readonly publish: (state: OvsState) => void;
  readonly log: Logger;
  readonly clock: LoopClock;
  readonly probeAfterMs?: number;
}

/**
 * Follows the zones of ports in Open vSwitch's database and connects anew whenever that ends. What
 * was known goes with the connection: ports come and go, and a zone is soon another port's.
 */
export class OvsWatch {
  readonly #options: OvsWatchOptions;
  readonly #troubles: TroubleLog;
  #rows: ZoneRows | undefined;
  #toldAtMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OvsWatchOptions) {
    this.#options = options;
    this.#troubles = new TroubleLog(options.log, { nowMs: () => options.clock.now() });
  }

  /** Runs until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    const { clock } = this.#options;
    while (!signal.aborted) {
      const beganAtMs = clock.now();
      try {
        await this.#follow(signal);
      } catch (error) {
        if (signal.aborted) break;
        // What ends as soon as it begins is a failure too.
        const isSuccess = this.#rows !== undefined && clock.now() - beganAtMs >= waitMs;
        if (isSuccess) waitMs = FIRST_WAIT_MS;
        this.#take(undefined);
        const reason = error instanceof Error ? error.message : String(error);
        this.#troubles.report(TROUBLE, { fields: { reason } });
      }
      await clock.sleep(waitMs, signal);
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    }
    clearTimeout(this.#timer);
  }

  async #follow(signal: AbortSignal): Promise<never> {
    const connection = await this.#connect(signal);
    const close = () => connection.close();
    signal.addEventListener("abort", close);
    try {
      const { clock, probeAfterMs } = this.#options;
      return await followZones(connection, (rows) => {
        this.#troubles.end(TROUBLE);
        this.#take(rows);
      }, { clock, probeAfterMs });
    } finally {
      signal.removeEventListener("abort", close);
    }
  }

  /** @throws {Error} If it cannot, or did not until it was time or the signal was given. */
  async #connect(signal: AbortSignal): Promise<OvsdbConnection> {
    const { connect, clock } = this.#options;
    const connecting = connect();
    const over = new AbortController();
    const late = clock.sleep(CONNECT_TIMEOUT_MS, AbortSignal.any([signal, over.signal]));
    try {
      const connection = await Promise.race([connecting, late]);
      if (connection !== undefined && !signal.aborted) return connection;
    } finally {
      over.abort();
    }
    connecting.then((unwanted) => unwanted.close(), () => {});
    throw new OvsdbError("Open vSwitch's database takes no connection");
  }

  /** Keeps what is known now and tells it: a loss at once, a change soon. */
  #take(rows: ZoneRows | undefined): void {
    this.#rows = rows;
    const waitMs = rows ? this.#toldAtMs + TELL_EVERY_MS - this.#options.clock.now() : 0;
    if (waitMs <= 0) return this.#tell();
    this.#timer ??= setTimeout(() => this.#tell(), waitMs);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#toldAtMs = this.#options.clock.now();
    this.#options.publish(this.#rows ? { zones: this.#rows.zones() } : {});
  }
}
