import { clientText, type KernelView } from "../reading/server_connections.ts";
import type { CutReason } from "./connection.ts";
import { ConnectionTable, type Cut } from "./connection_table.ts";
import type { WebLimits } from "./web_limits.ts";

export interface GuardOptions {
  readonly limits: WebLimits;
  readonly kernel: KernelView;
  readonly ports: () => ReadonlySet<number>;
  /** Hears of each connection that was ended. */
  readonly onCut: (reason: CutReason) => void;
  /** A monotonic clock in milliseconds. */
  readonly nowMs?: () => number;
}

/** Beyond a limit the newest look may be so old before another is taken for one more request. */
const FRESH_MS = 20;
/** Clients are not to blame for time in which this program did not run. */
const LONGEST_STEP_MS = 1_000;

/**
 * What Deno.serve has none of: limits. It takes any number of connections and waits for each as long as
 * the client likes. So the guard asks the kernel a few times a second what this process's connections
 * do, and shuts down those that take too long or are too many; their owner then sees them end. That is
 * safe since both happen on one thread: no descriptor changes hands between the look and the cut.
 */
export class ConnectionGuard {
  readonly #options: GuardOptions;
  readonly #table: ConnectionTable;
  readonly #nowMs: () => number;
  /** Advances with the looks, never by more than a step. */
  #clockMs = 0;
  #lookedMs: number;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#table = new ConnectionTable(options.limits);
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#lookedMs = this.#nowMs();
  }

  /** A whole head of a request has come; the function is told how many bytes its answer's body has. */
  begin({ hostname, port }: Deno.NetAddr): (bodyBytes: number) => void {
    return this.#table.begin(clientText(hostname, port), this.#clockMs);
  }

  /** Whether there is room for one answer more, if need be at the cost of a client that does not read. */
  hasRoom(): boolean {
    if (this.#isFull() && this.#nowMs() - this.#lookedMs >= FRESH_MS) this.look();
    if (this.#isAnsweringAll()) this.#end(this.#table.cutStalled(this.#clockMs));
    return !this.#isFull();
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
  }

  #isFull(): boolean {
    const { maxConnections } = this.#options.limits;
    // Those that wait for their client have to go at the next look.
    return this.#isAnsweringAll() || (maxConnections > 0 && this.#table.busy > maxConnections);
  }

  #isAnsweringAll(): boolean {
    const { maxRequests } = this.#options.limits;
    return maxRequests > 0 && this.#table.answering >= maxRequests;
  }

  #end(cuts: readonly Cut[]): void {
    const { kernel, onCut } = this.#options;
    for (const { fd, reason } of cuts) {
      kernel.endConnection(fd);
      onCut(reason);
    }
  }
}
