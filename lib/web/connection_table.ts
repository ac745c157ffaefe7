import { type Answered, Connection, type CutReason, type SeenConnection } from "./connection.ts";
import type { WebLimits } from "./web_limits.ts";

/** A connection that has to end now. */
export interface Cut {
  readonly client: string;
  readonly fd: number;
  readonly reason: CutReason;
}

/** All open connections: who has taken too long, and who has to go when they are too many. */
export class ConnectionTable {
  readonly #limits: WebLimits;
  readonly #connections = new Map<string, Connection>();

  constructor(limits: WebLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Answers of which a part that counts is not delivered, as far as the newest look and the handler know. */
  get answering(): number {
    let count = 0;
    for (const each of this.#connections.values()) {
      // HTTP/2 has many on one connection. Each holds its page, but for what was refused beyond the limit.
      if (this.#isAnswering(each)) {
        count += Math.min(each.unfinished, this.#limits.answersPerConnection);
      }
    }
    return count;
  }

  /** Connections whose client still has to get something. */
  get busy(): number {
    let count = 0;
    for (const each of this.#connections.values()) if (each.isBusy) count++;
    return count;
  }

  /** A request of this client has begun; see {@linkcode Connection.begin}. */
  begin(client: string, nowMs: number): Answered {
    let connection = this.#connections.get(client);
    if (connection === undefined) {
      connection = new Connection(nowMs);
      this.#connections.set(client, connection);
    }
    return connection.begin(nowMs);
  }

  /** Takes in what the kernel says of all connections; answers which have to end. */
  look(seen: readonly SeenConnection[], nowMs: number): Cut[] {
    const gone = new Set(this.#connections.keys());
    for (const each of seen) {
      gone.delete(each.client);
      let connection = this.#connections.get(each.client);
      if (connection === undefined || !connection.fits(each)) {
        connection = new Connection(nowMs);
        this.#connections.set(each.client, connection);
      }
      connection.update(each, nowMs);
      connection.markProgress(nowMs, this.#limits.progressBytes);
    }
    for (const client of gone) this.#connections.delete(client);
    const cuts = this.#cutAll((each) =>
      this.#isGreedy(each) ? "answers beyond the limit" : each.overdue(this.#limits, nowMs)
    );
    return [...cuts, ...this.#cutSurplus()];
  }

  /**
   * Ends a client that asked for more while it {@linkcode isLaden}, or else the answer that has made no progress for longest, if
   * that is long enough.
   */
  cutStalled(nowMs: number): Cut[] {
    const { yieldMs } = this.#limits;
    const all = [...this.#connections.values()].filter((each) => each.fd !== undefined);
    const [longest] = all
      .filter((each) => this.#isAnswering(each) && each.stalledMs(nowMs) >= yieldMs)
      .sort((a, b) => b.stalledMs(nowMs) - a.stalledMs(nowMs));
    const victim = all.find((each) => this.#isGreedy(each)) ?? longest;
    return this.#cutAll((each) => each === victim ? "answers beyond the limit" : undefined);
  }

  /** The client's connection as the newest look found it; undefined before the first. */
  fdOf(client: string): number | undefined {
    return this.#connections.get(client)?.fd;
  }

  /** Takes in what the kernel says of a connection that it showed before. */
  update(seen: SeenConnection, nowMs: number): void {
    const connection = this.#connections.get(seen.client);
    if (connection?.fits(seen)) connection.update(seen, nowMs);
  }

  /** Whether this client holds as many answers at once as any needs; HTTP/2 makes more of them easy. */
  isLaden(client: string): boolean {
    const connection = this.#connections.get(client);
    return connection !== undefined && this.#isAnswering(connection) &&
      connection.unfinished >= this.#limits.answersPerConnection;
  }

  /** Ends all that nobody would miss at once. */
  cutWaiting(): Cut[] {
    return this.#cutAll((each) => each.isBusy ? undefined : "no descriptor is left");
  }

  /** Those that never asked before those that did, who has waited longest first, nobody who is busy. */
  #cutSurplus(): Cut[] {
    const { maxConnections } = this.#limits;
    const surplus = this.#connections.size - maxConnections;
    if (maxConnections === 0 || surplus <= 0) return [];
    const victims = new Set(
      [...this.#connections.values()]
        .filter((each) => !each.isBusy)
        .sort((a, b) => Number(a.hasAsked) - Number(b.hasAsked) || a.waitingMs - b.waitingMs)
        .slice(0, surplus),
    );
    return this.#cutAll((each) => victims.has(each) ? "connections beyond the limit" : undefined);
  }

  #cutAll(reasonOf: (connection: Connection) => CutReason | undefined): Cut[] {
    const cuts: Cut[] = [];
    for (const [client, connection] of this.#connections) {
      const reason = reasonOf(connection);
      if (reason === undefined || connection.fd === undefined) continue;
      cuts.push({ client, fd: connection.fd, reason });
      this.#connections.delete(client);
    }
    return cuts;
  }

  #isGreedy(connection: Connection): boolean {
    return this.#isAnswering(connection) &&
      connection.unfinished > this.#limits.answersPerConnection;
  }

  #isAnswering(connection: Connection): boolean {
    return connection.undelivered > this.#limits.tailBytes;
  }
}
