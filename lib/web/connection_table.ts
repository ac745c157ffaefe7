import {
  Connection,
  type CutReason,
  type RequestProgress,
  type SeenConnection,
} from "./connection.ts";
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

  /**
   * Answers of which a part that counts has not reached the client, as far as the newest look and the server
   * know: those that are certain, and with them those that the kernel has got since and may have delivered.
   */
  get answering(): { readonly certain: number; readonly possible: number } {
    let certain = 0;
    let unseen = 0;
    for (const each of this.#connections.values()) {
      unseen += each.unseen(this.#limits.tailBytes);
      if (!this.#isAnswering(each)) continue;
      // HTTP/2 has many on one connection. Each holds its page, but for what was refused beyond the limit.
      // What the kernel alone still has counts as one.
      certain += Math.max(1, Math.min(each.held, this.#limits.answersPerConnection));
    }
    return { certain, possible: certain + unseen };
  }

  /** Connections whose client still has to get something. */
  get busy(): number {
    let count = 0;
    for (const each of this.#connections.values()) if (each.isBusy) count++;
    return count;
  }

  /** A request of this client has begun; see {@linkcode Connection.begin}. */
  begin(client: string, nowMs: number): RequestProgress {
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
    const doubles = this.#doublesOf(seen);
    for (const each of seen) {
      if (doubles.has(each)) continue;
      gone.delete(each.client);
      let connection = this.#connections.get(each.client);
      if (connection === undefined || !connection.fits(each)) {
        connection = connection?.successor(nowMs) ?? new Connection(nowMs);
        this.#connections.set(each.client, connection);
      }
      connection.update(each, nowMs);
      connection.markProgress(nowMs, this.#limits.progressBytes);
    }
    for (const client of gone) this.#connections.delete(client);
    const cuts = this.#cutAll((each) =>
      this.#isGreedy(each) ? "answers beyond the limit" : each.overdue(this.#limits, nowMs)
    );
    return [
      ...[...doubles].map(({ client, fd }): Cut => ({
        client,
        fd,
        reason: "port of another connection",
      })),
      ...cuts,
      ...this.#cutSurplus(),
    ];
  }

  /**
   * Gives a place to this client, at the cost of one that {@linkcode overasks}, or else of the one
   * that has made no progress for longest: of all, if that is long enough, or of the address that holds most.
   *
   * @param places Those with an answer on its way, or of however little.
   */
  cutFor(client: string, nowMs: number, places: "answering" | "busy"): Cut[] {
    const held = [...this.#connections]
      .filter(([holder, { fd }]) => fd !== undefined && holder !== client)
      .map(([holder, connection]) => ({ address: addressOf(holder), connection }))
      .filter(({ connection }) =>
        places === "busy" ? connection.isBusy : this.#isAnswering(connection)
      )
      .sort((a, b) => b.connection.stalledMs(nowMs) - a.connection.stalledMs(nowMs));
    const [longest] = held;
    const victim = held.find(({ connection }) => this.#isGreedy(connection)) ??
      (longest && longest.connection.stalledMs(nowMs) >= this.#limits.yieldMs
        ? longest
        : ofLargest(held, addressOf(client)));
    const reason = places === "busy" ? "connections beyond the limit" : "answers beyond the limit";
    return this.#cutAll((each) => each === victim?.connection ? reason : undefined);
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

  /**
   * To be asked at each request: whether its client holds as many answers at once as any needs; HTTP/2 makes more
   * of them easy. Then its connection has to end.
   */
  overasks(client: string): boolean {
    const connection = this.#connections.get(client);
    if (
      connection === undefined || !this.#isAnswering(connection) ||
      connection.held < this.#limits.answersPerConnection
    ) return false;
    connection.hasOverasked = true;
    return true;
  }

  /** Ends all that nobody would miss at once. */
  cutWaiting(): Cut[] {
    return this.#cutAll((each) => each.isBusy ? undefined : "no descriptor is left");
  }

  /**
   * Connections of a client's address and port to several addresses of ours, but for the one that was there
   * first. A request does not say which of them it came by, so that their times and counts would be each other's;
   * no client needs two.
   */
  #doublesOf(seen: readonly SeenConnection[]): ReadonlySet<SeenConnection> {
    const kept = new Map<string, SeenConnection>();
    const doubles = new Set<SeenConnection>();
    for (const each of seen) {
      const other = kept.get(each.client);
      if (other !== undefined && this.fdOf(each.client) !== each.fd) {
        doubles.add(each);
        continue;
      }
      kept.set(each.client, each);
      if (other !== undefined) doubles.add(other);
    }
    return doubles;
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
    return connection.hasOverasked && this.#isAnswering(connection);
  }

  #isAnswering(connection: Connection): boolean {
    return connection.isAnswering(this.#limits.tailBytes);
  }
}

/** An answer that is on its way, and the address of its client. */
interface Held {
  readonly address: string;
  readonly connection: Connection;
}

/** The first of the address that holds most, unless `address` would then hold as much as that one. */
function ofLargest(held: readonly Held[], address: string): Held | undefined {
  const counts = new Map<string, number>([[address, 1]]);
  for (const each of held) counts.set(each.address, (counts.get(each.address) ?? 0) + 1);
  const most = Math.max(...counts.values());
  if (most <= (counts.get(address) ?? 0)) return undefined;
  return held.find((each) => counts.get(each.address) === most);
}

/** Of a client's text, without its port. */
function addressOf(client: string): string {
  return client.slice(0, client.lastIndexOf(" "));
}
