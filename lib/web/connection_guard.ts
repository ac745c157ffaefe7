import { clientText, type KernelView } from "../reading/server_connections.ts";
import type { CutReason, RequestProgress } from "./connection.ts";
import { ConnectionTable, type Cut } from "./connection_table.ts";
import type { WebLimits } from "./web_limits.ts";

export interface GuardOptions {
  readonly limits: WebLimits;
  readonly kernel: Pick<KernelView, "connections" | "connection" | "endConnection">;
  readonly ports: () => ReadonlySet<number>;
  /** Hears of each connection that was ended. */
  readonly onCut: (reason: CutReason) => void;
  /** A monotonic clock in milliseconds. */
  readonly nowMs?: () => number;
}

/** Beyond a limit the newest look may be so old before another is taken for one more request. */
const FRESH_MS = 20;
/** Looks for requests take at most one part in so many of the time, however many connections there are. */
const LOOK_SHARE = 10;
/** Clients are not to blame for time in which this program did not run. */
const LONGEST_STEP_MS = 1_000;

/**
 * What Deno.serve has none of: limits. It takes any number of connections and waits for each as long as
 * the client likes. So the guard asks the kernel a few times a second what this process's connections
 * do, and shuts down those that take too long or are too many; their owner then sees them end. That is
 * safe on the thread that serves: no descriptor of its connections changes hands between the last check
 * and the cut.
 */
export class ConnectionGuard {
  readonly #options: GuardOptions;
  readonly #table: ConnectionTable;
  readonly #nowMs: () => number;
  /** Advances with the looks, never by more than a step. */
  #clockMs = 0;
  #lookedMs: number;
  #lookTookMs = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#table = new ConnectionTable(options.limits);
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#lookedMs = this.#nowMs();
  }

  /** A whole head of a request has come; see {@linkcode Connection.begin}. */
  begin({ hostname, port }: Deno.NetAddr): RequestProgress {
    return this.#table.begin(clientText(hostname, port), this.#clockMs);
  }

  /** Whether there is room for one answer more to this client, if need be at the cost of another. */
  hasRoom({ hostname, port }: Deno.NetAddr): boolean {
    const client = clientText(hostname, port);
    this.#refresh(client);
    if (this.#table.overasks(client)) return false;
    if ((this.#isBusyAll() || this.#isAnsweringAll("possible")) && this.#isStale()) this.look();
    // A client that takes its answers at once is not held against anybody, however old the newest look is.
    return this.#makeRoom(client, "answering", () => this.#isAnsweringAll("certain")) &&
      this.#makeRoom(client, "busy", () => this.#isBusyAll());
  }

  /** Ends others until there is room, or nobody has to go. */
  #makeRoom(client: string, places: "answering" | "busy", isFull: () => boolean): boolean {
    while (isFull()) {
      const cuts = this.#table.cutFor(client, this.#clockMs, places);
      if (cuts.length === 0) return false;
      this.#end(cuts);
    }
    return true;
  }

  /** Whether connections may outlive their answer. */
  get mayKeep(): boolean {
    return this.#table.size <= this.#options.limits.keptConnections;
  }

  /** Whether a client still has to get something, by a look at this moment. */
  isBusy(): boolean {
    this.look();
    return this.#table.busy > 0;
  }

  /** Ends all connections that wait for their client: the process has no descriptor left. */
  makeWay(): void {
    this.look();
    this.#end(this.#table.cutWaiting());
  }

  /** Asks the kernel now; call it a few times a second. */
  look(): void {
    const now = this.#nowMs();
    this.#clockMs += Math.min(now - this.#lookedMs, LONGEST_STEP_MS);
    this.#lookedMs = now;
    const { kernel, ports } = this.#options;
    this.#end(this.#table.look(kernel.connections(ports()), this.#clockMs));
    this.#lookTookMs = this.#nowMs() - now;
  }

  /** Who asks again and again has taken the answers before: that is seen at once, of one connection. */
  #refresh(client: string): void {
    const fd = this.#table.fdOf(client);
    const seen = fd === undefined ? undefined : this.#options.kernel.connection(fd);
    if (seen?.client === client) this.#table.update(seen, this.#clockMs);
  }

  #isStale(): boolean {
    return this.#nowMs() - this.#lookedMs >= Math.max(FRESH_MS, LOOK_SHARE * this.#lookTookMs);
  }

  /** Those that wait for their client have to go at the next look. */
  #isBusyAll(): boolean {
    const { maxConnections } = this.#options.limits;
    return maxConnections > 0 && this.#table.busy > maxConnections;
  }

  #isAnsweringAll(which: "certain" | "possible"): boolean {
    const { maxRequests } = this.#options.limits;
    return maxRequests > 0 && this.#table.answering[which] >= maxRequests;
  }

  #end(cuts: readonly Cut[]): void {
    const { kernel, onCut } = this.#options;
    for (const { client, fd, reason } of cuts) {
      // Since the look the descriptor may have become another connection's, or a file's.
      if (kernel.connection(fd)?.client !== client) continue;
      kernel.endConnection(fd);
      onCut(reason);
    }
  }
}
