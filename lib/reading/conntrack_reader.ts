import { DumpDecoder } from "../conntrack/dump_decoder.ts";
import {
  type AggregatorOptions,
  FlowAggregator,
  type FlowContext,
} from "../conntrack/flow_aggregator.ts";
import type { FixedIpOwner, FlowSummary } from "../conntrack/flow_summary.ts";
import { NetlinkError } from "../conntrack/netlink_error.ts";

/** What a dump comes from: `ConntrackSocket`, or recorded datagrams. */
export interface ConntrackSource extends Disposable {
  readonly portId: number;
  /** Writes datagrams to the buffer and tells length and place of each, until the answer is true. */
  dump(
    buffer: Uint8Array<ArrayBuffer>,
    onDatagram: (length: number, start: number) => boolean,
  ): void;
}

/** The outcome of one reading of the conntrack table. */
export type ConntrackReading =
  | { readonly ok: true; readonly summary: FlowSummary; readonly durationMs: number }
  | { readonly ok: false; readonly error: Error; readonly durationMs: number };

/** Many datagrams of a dump: the kernel puts up to 32 KiB into each. */
const BUFFER_BYTES = 1024 * 1024;

/** Tries of one reading where the kernel says that the table changed during the dump. */
const TRIES_INTERRUPTED = 3;
/** Tries of one reading where the socket overflowed. */
const TRIES_OVERFLOWN = 2;
const ENOBUFS = 105;

/**
 * Reads the conntrack table once a cycle. Owns the socket, which it opens at the first reading and
 * afresh after any failure, and the state that intervals are compared with.
 */
export class ConntrackReader implements Disposable {
  readonly #open: () => ConntrackSource;
  readonly #onProgress: () => void;
  readonly #aggregator: FlowAggregator;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #decoder: DumpDecoder;
  #source: ConntrackSource | undefined;
  #interrupted = 0;
  #overflown = 0;

  /** @param options `onProgress` is called with each datagram, before it is decoded. */
  constructor(
    options: AggregatorOptions & {
      readonly open: () => ConntrackSource;
      readonly onProgress?: () => void;
    },
  ) {
    this.#open = options.open;
    this.#onProgress = options.onProgress ?? (() => {});
    this.#decoder = new DumpDecoder(this.#buffer, { counters: options.traffic ?? false });
    this.#aggregator = new FlowAggregator(options);
  }

  /** Dumps, since the start, that the kernel called inconsistent. */
  get interruptedTotal(): number {
    return this.#interrupted;
  }

  /** Dumps, since the start, that overflowed the socket (ENOBUFS). */
  get enobufsTotal(): number {
    return this.#overflown;
  }

  /** Reads the whole table; never throws. A reading that failed changes nothing but the totals. */
  read(owners: readonly FixedIpOwner[], context: FlowContext = {}): ConntrackReading {
    const start = performance.now();
    try {
      const summary = this.#readWithRetries(owners, context);
      return { ok: true, summary, durationMs: performance.now() - start };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return { ok: false, error, durationMs: performance.now() - start };
    }
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #readWithRetries(owners: readonly FixedIpOwner[], context: FlowContext): FlowSummary {
    let interrupted = 0;
    let overflown = 0;
    while (true) {
      try {
        return this.#readOnce(owners, context);
      } catch (error) {
        // What is left of the answer stays in the old socket.
        this.#close();
        this.#aggregator.abort();
        if (error instanceof NetlinkError && error.kind === "interrupted") {
          this.#interrupted++;
          if (++interrupted < TRIES_INTERRUPTED) continue;
        } else if (isOverflow(error)) {
          this.#overflown++;
          if (++overflown < TRIES_OVERFLOWN) continue;
        }
        throw error;
      }
    }
  }

  #readOnce(owners: readonly FixedIpOwner[], context: FlowContext): FlowSummary {
    const source = this.#source ??= this.#open();
    const decoder = this.#decoder;
    const aggregator = this.#aggregator;
    aggregator.begin(owners, context);
    decoder.begin(source.portId);
    source.dump(this.#buffer, (length, start) => {
      this.#onProgress();
      return decoder.decode(length, aggregator, start);
    });
    return aggregator.commit();
  }

  #close(): void {
    this.#source?.[Symbol.dispose]();
    this.#source = undefined;
  }
}

function isOverflow(error: unknown): boolean {
  return error instanceof Error && "errno" in error && error.errno === ENOBUFS;
}
