import { LibvirtConnection, type Versions } from "../../ffi/libvirt.ts";
import { LibvirtError } from "../../ffi/libvirt_error.ts";
import { DomainRun } from "./domain_run.ts";
import type { DomainReading, LibvirtListing, LibvirtReading } from "./libvirt_reading.ts";

/** What a {@link LibvirtReader} needs beside the URI. */
export interface LibvirtReaderOptions {
  /** Time from one cycle to the next; tries to connect are at most this far apart. */
  readonly intervalMs: number;
  /** Whether to ask each domain for its job; not unless given. */
  readonly jobs?: boolean;
  /** Milliseconds of a clock that never steps; `performance.now` unless given. */
  readonly now?: () => number;
  /** How to connect; {@link LibvirtConnection.open} unless given. */
  readonly connect?: (uri: string) => LibvirtSource;
}

/** The part of a connection that the reader uses. */
export type LibvirtSource = Pick<
  LibvirtConnection,
  "allDomainStats" | "missingGroups" | "versions" | "close"
>;

/** The wait after the first failure; it doubles with each one that follows. */
const FIRST_WAIT_MS = 250;
/** QEMU may be upgraded under a libvirtd that goes on. */
const MAX_VERSIONS_AGE_MS = 600_000;

/**
 * Reads all running domains once a cycle through one connection, which it opens when it needs it
 * and closes when it is dead. It keeps what it knows of the domains of the newest listing, and of
 * no others. Calls block the thread.
 */
export class LibvirtReader implements Disposable {
  readonly #uri: string;
  readonly #intervalMs: number;
  readonly #jobs: boolean;
  readonly #now: () => number;
  readonly #connect: (uri: string) => LibvirtSource;
  #connection: LibvirtSource | undefined;
  #versions: { readonly told: Versions; readonly atMs: number } | undefined;
  #runs: ReadonlyMap<string, DomainRun> = new Map();
  #failure: { readonly error: Error; readonly waitMs: number; readonly atMs: number } | undefined;

  constructor(uri: string, options: LibvirtReaderOptions) {
    this.#uri = uri;
    this.#intervalMs = options.intervalMs;
    this.#jobs = options.jobs ?? false;
    this.#now = options.now ?? (() => performance.now());
    this.#connect = options.connect ?? LibvirtConnection.open;
  }

  /**
   * One cycle. It never throws: a listing that failed is `up: false` with the reason. After a
   * failure, a call that comes before the wait is over repeats the reason without trying; the wait
   * stays below half an interval, so a call in each interval always tries.
   */
  read(): LibvirtReading {
    if (this.#failure !== undefined) {
      const { error, atMs, waitMs } = this.#failure;
      if (this.#now() < atMs + waitMs) return { up: false, error };
    }
    try {
      const listing = this.#readOrReconnect();
      this.#failure = undefined;
      return listing;
    } catch (thrown) {
      this.close();
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const waitMs = Math.min(
        (this.#failure?.waitMs ?? FIRST_WAIT_MS / 2) * 2,
        this.#intervalMs / 2,
      );
      this.#failure = { error, waitMs, atMs: this.#now() };
      return { up: false, error };
    }
  }

  /**
   * Closes the connection if there is one; {@link read} would open another.
   *
   * @returns The references to the connection that are left: 0, unless a handle leaked.
   */
  close(): number {
    const connection = this.#connection;
    this.#connection = undefined;
    return connection?.close() ?? 0;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A daemon that was restarted between two cycles costs none: connect again, once. */
  #readOrReconnect(): LibvirtListing {
    if (this.#connection !== undefined) {
      try {
        return this.#list(this.#connection);
      } catch (error) {
        if (!(error instanceof LibvirtError) || error.kind !== "connection lost") throw error;
        this.close();
      }
    }
    this.#connection = this.#connect(this.#uri);
    this.#versions = undefined;
    for (const run of this.#runs.values()) run.expireXml();
    return this.#list(this.#connection);
  }

  #list(connection: LibvirtSource): LibvirtListing {
    const startMs = this.#now();
    using list = connection.allDomainStats();
    const endMs = this.#now();
    const runs = new Map<string, DomainRun>();
    const domains: DomainReading[] = [];
    for (const domain of list.domains) {
      const key = `${domain.stats.uuid}/${domain.stats.id}`;
      const run = this.#runs.get(key) ?? new DomainRun(domain.stats.uuid);
      const reading = run.read(domain, {
        nowMs: endMs,
        nextMs: endMs + this.#intervalMs,
        missing: connection.missingGroups,
        jobs: this.#jobs,
      });
      if (reading === undefined) continue;
      runs.set(key, run);
      domains.push(reading);
    }
    this.#runs = runs;
    return {
      up: true,
      listDurationMs: endMs - startMs,
      statsAtMs: (startMs + endMs) / 2,
      domains,
      versions: this.#versionsAt(endMs, connection),
      domainErrors: domains.filter(({ error }) => error !== undefined).length,
    };
  }

  #versionsAt(nowMs: number, connection: LibvirtSource): Versions {
    if (this.#versions === undefined || nowMs - this.#versions.atMs >= MAX_VERSIONS_AGE_MS) {
      this.#versions = { told: connection.versions(), atMs: nowMs };
    }
    return this.#versions.told;
  }
}
