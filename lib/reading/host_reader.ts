import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { type Libc, openLibc } from "../../ffi/libc.ts";
import type { Start } from "../collection_loop.ts";
import type {
  ConntrackTableReading,
  CycleReadings,
  DomainsReading,
  InstanceReading,
} from "../collectors/cycle.ts";
import type { ProcessReading } from "../collectors/health.ts";
import type { Config } from "../config/config.ts";
import type { FixedIpOwner } from "../conntrack/flow_summary.ts";
import { readConntrackLimits } from "./conntrack_limits.ts";
import { ConntrackReader } from "./conntrack_reader.ts";
import { LibvirtReader } from "./libvirt_reader.ts";
import { readProcess } from "./process_reader.ts";
import type { ReadTroubles } from "./read_troubles.ts";

/** Owns every native handle of the collecting thread, and reads with them what a cycle needs. */
export class HostReader implements Disposable {
  readonly #libc: Libc = openLibc();
  readonly #libvirt: LibvirtReader;
  readonly #conntrack: ConntrackReader;
  #owners: readonly FixedIpOwner[] = [];

  constructor(config: Config) {
    this.#libvirt = new LibvirtReader(config["libvirt.uri"], {
      intervalMs: config["collection.interval"],
    });
    this.#conntrack = new ConntrackReader({
      outbound: config["outbound.behavior.enable"],
      open: () => openConntrackSocket(this.#libc),
    });
  }

  /** Reads one cycle. Blocks the thread in C; never throws for what it reads. */
  read(start: Start): { readonly readings: CycleReadings; readonly troubles: ReadTroubles } {
    const domains = this.#readDomains();
    const conntrack = this.#readConntrack(domains.reading);
    return {
      readings: { ...start, domains: domains.reading, conntrack: conntrack.reading },
      troubles: {
        libvirt: domains.error,
        conntrack: conntrack.error,
        domains: domains.errors,
      },
    };
  }

  /** What the kernel says of this process. */
  readProcess(): ProcessReading {
    return readProcess({
      readFile: (path) => this.#libc.readKernelFile(path),
      listFolder: (path) => this.#libc.listKernelFolder(path),
    });
  }

  /** Closes the conntrack socket and the connection to libvirt, which is told so. */
  [Symbol.dispose](): void {
    this.#conntrack[Symbol.dispose]();
    this.#libvirt.close();
    this.#libc[Symbol.dispose]();
  }

  #readDomains(): {
    readonly reading: DomainsReading;
    readonly error: Error | undefined;
    readonly errors: ReadonlyMap<string, Error>;
  } {
    const startedAtMs = performance.now();
    const listing = this.#libvirt.read();
    if (!listing.up) {
      const listDurationMs = performance.now() - startedAtMs;
      return { reading: { ok: false, listDurationMs }, error: listing.error, errors: new Map() };
    }
    const { listDurationMs, statsAtMs, domains, domainErrors } = listing;
    const instances: InstanceReading[] = [];
    const errors = new Map<string, Error>();
    for (const { stats, description, run, error } of domains) {
      if (error) errors.set(stats.name, error);
      if (description) instances.push({ stats, description, run });
    }
    const listed = new Set(domains.map(({ stats }) => stats.uuid));
    return {
      reading: { ok: true, listDurationMs, statsAtMs, listed, instances, domainErrors },
      error: undefined,
      errors,
    };
  }

  /**
   * Reads the table for the newest known owners of addresses: also while libvirt is down, so that
   * what is new is told from the interval before, and the table's size stays known.
   */
  #readConntrack(
    domains: DomainsReading,
  ): { readonly reading: ConntrackTableReading; readonly error: Error | undefined } {
    if (domains.ok) {
      this.#owners = domains.instances.map(({ stats, description }) => ({
        uuid: stats.uuid,
        fixedIps: description.fixedIps,
      }));
    }
    const table = this.#conntrack.read(this.#owners);
    const limits = readConntrackLimits((path) => this.#libc.readKernelFile(path));
    return {
      reading: {
        summary: table.ok ? table.summary : undefined,
        durationMs: table.durationMs,
        interruptedTotal: this.#conntrack.interruptedTotal,
        enobufsTotal: this.#conntrack.enobufsTotal,
        kernelEntries: limits.entries,
        kernelMax: limits.max,
      },
      error: table.ok ? undefined : table.error,
    };
  }
}
