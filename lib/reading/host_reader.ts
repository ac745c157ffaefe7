import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { type Libc, openLibc } from "../../ffi/libc.ts";
import { LibvirtConnection } from "../../ffi/libvirt.ts";
import type { Start } from "../collection_loop.ts";
import type {
  ConntrackTableReading,
  CycleReadings,
  DomainsReading,
  InstanceReading,
} from "../collectors/cycle.ts";
import type { ProcessReading } from "../collectors/health.ts";
import type { ListedAddress } from "../collectors/host_threat.ts";
import { isCollectorOn } from "../config/collector_flags.ts";
import type { Config } from "../config/config.ts";
import type { FixedIpOwner } from "../conntrack/flow_summary.ts";
import type { ThreatOptions } from "../conntrack/threat_matcher.ts";
import type { OvsState } from "../ovs/ovs_state.ts";
import type { Phase } from "../pulse.ts";
import { listDirections } from "../threat/list_directions.ts";
import type { ThreatIndex } from "../threat/threat_index.ts";
import { readConntrackLimits } from "./conntrack_limits.ts";
import { ConntrackReader } from "./conntrack_reader.ts";
import { type DomainsOutcome, domainsReading } from "./domains_reading.ts";
import { fixedIpOwners } from "./fixed_ip_owners.ts";
import { enabledGroups, enabledHostParts } from "./enabled_parts.ts";
import { hostAddresses } from "./host_addresses.ts";
import { type HostFiles, type HostReading, readHost } from "./host_files.ts";
import { type CpuReading, notBehind } from "./host_parsers.ts";
import { LibvirtReader } from "./libvirt_reader.ts";
import { instanceFilter } from "./instance_filter.ts";
import { readProcess } from "./process_reader.ts";
import type { ReadTroubles } from "./read_troubles.ts";
import { VcpuThreads } from "./vcpu_threads.ts";

/** Most contacts that a cycle writes to the threat file, and most of an instance on one list. */
const MOST_FRESH = 1000;
const MOST_FRESH_OF_EACH = 20;

/** What a reading waits for. */
type ReadPhase = Exclude<Phase, "idle" | "collect">;

/** Owns every native handle of the collecting thread, and reads with them what a cycle needs. */
export class HostReader implements Disposable {
  readonly #libc: Libc = openLibc();
  readonly #libvirt: LibvirtReader;
  readonly #conntrack: ConntrackReader;
  readonly #vcpuThreads: VcpuThreads | undefined;
  readonly #hostParts: readonly (keyof HostReading)[];
  readonly #kernelFiles: HostFiles = {
    readFile: (path) => this.#libc.kernelFiles.read(path),
    listFolder: (path) => this.#libc.kernelFiles.list(path),
  };
  readonly #config: Config;
  readonly #begin: (phase: ReadPhase) => void;
  readonly #isSelected: ((instance: InstanceReading) => boolean) | undefined;
  #owners: readonly FixedIpOwner[] = [];
  #listed: ThreatIndex | undefined;
  #ovs: OvsState | undefined;
  #cpu: CpuReading | undefined;

  /** @param begin Is told before each call that may take long what it will wait for. */
  constructor(config: Config, begin: (phase: ReadPhase) => void) {
    this.#config = config;
    this.#begin = begin;
    this.#isSelected = instanceFilter(config["instance.filter"]);
    const groups = enabledGroups(config);
    this.#hostParts = enabledHostParts(config);
    // Other drivers have no QEMU.
    this.#vcpuThreads = isCollectorOn(config, "steal") && config["libvirt.uri"].startsWith("qemu")
      ? new VcpuThreads({
        ...this.#kernelFiles,
        readStart: (path) => this.#libc.kernelFiles.readStart(path),
        now: () => performance.now(),
      })
      : undefined;
    this.#libvirt = new LibvirtReader(config["libvirt.uri"], {
      intervalMs: config["collection.interval"],
      jobs: isCollectorOn(config, "job"),
      connect: (uri) => {
        begin("connect");
        const connection = LibvirtConnection.open(uri, groups);
        begin("libvirt");
        return connection;
      },
    });
    this.#conntrack = new ConntrackReader({
      outbound: config["outbound.behavior.enable"],
      inbound: config["inbound.behavior.enable"],
      kinds: config["collector.flow_kinds"],
      traffic: config["collector.flow_bytes"],
      threats: threatOptions(config),
      open: () => openConntrackSocket(this.#libc),
      // A table of a million entries is slow on a busy host, but it is not stuck.
      onProgress: () => begin("conntrack"),
    });
  }

  /** Reads one cycle. Blocks the thread in C; never throws for what it reads. */
  read(start: Start): { readonly readings: CycleReadings; readonly troubles: ReadTroubles } {
    this.#begin("libvirt");
    const domains = this.#readDomains();
    this.#begin("conntrack");
    const conntrack = this.#readConntrack(domains.reading);
    const hostThreats = this.#readHostThreats();
    const host = this.#readHost();
    return {
      readings: {
        ...start,
        domains: domains.reading,
        conntrack: conntrack.reading,
        ovs: this.#ovs,
        host: host.reading,
        hostThreats: hostThreats.reading,
      },
      troubles: {
        libvirt: domains.error,
        conntrack: conntrack.error,
        hostAddresses: hostThreats.error,
        vcpuThreads: domains.delayError,
        kernelFiles: new Map([...host.errors, ...conntrack.fileErrors]),
        domains: domains.errors,
      },
    };
  }

  /** Matches against these lists from the next cycle on. */
  matchAgainst(listed: ThreatIndex): void {
    this.#listed = listed;
  }

  /** Name of this host; empty where the kernel does not say it. */
  get name(): string {
    return (this.#libc.kernelFiles.read("/proc/sys/kernel/hostname") ?? "").trim();
  }

  /** Tells flows apart by the zones that are known of Open vSwitch, from the next cycle on. */
  takeOvs(state: OvsState | undefined): void {
    this.#ovs = state;
  }

  /** What the kernel says of this process. */
  readProcess(): ProcessReading {
    return readProcess(this.#kernelFiles);
  }

  /** Gives freed memory back; for the end of a cycle, which frees megabytes. */
  trimMemory(): void {
    this.#libc.trimMemory();
  }

  /** Closes the conntrack socket and the connection to libvirt, which is told so. */
  [Symbol.dispose](): void {
    this.#conntrack[Symbol.dispose]();
    this.#libvirt.close();
    this.#libc[Symbol.dispose]();
  }

  #readDomains(): DomainsOutcome {
    const startedAtMs = performance.now();
    const listing = this.#libvirt.read();
    const threads = this.#vcpuThreads;
    return domainsReading(listing, {
      listDurationMs: performance.now() - startedAtMs,
      isSelected: this.#isSelected,
      readDelays: threads && ((running) => threads.read(running)),
    });
  }

  /**
   * Reads the table for the newest known owners of addresses: also while libvirt is down, so that
   * what is new is told from the interval before, and the table's size stays known.
   */
  #readConntrack(
    domains: DomainsReading,
  ): {
    readonly reading: ConntrackTableReading;
    readonly error: Error | undefined;
    readonly fileErrors: ReadonlyMap<string, Error>;
  } {
    this.#owners = fixedIpOwners(domains, this.#owners);
    const table = this.#conntrack.read(this.#owners, {
      listed: this.#listed,
      zones: this.#ovs?.zones,
    });
    const { limits, errors } = readConntrackLimits(this.#kernelFiles.readFile);
    return {
      reading: {
        summary: table.ok ? table.summary : undefined,
        durationMs: table.durationMs,
        interruptedTotal: this.#conntrack.interruptedTotal,
        enobufsTotal: this.#conntrack.enobufsTotal,
        kernelEntries: limits.entries,
        kernelMax: limits.max,
        kernelAccounting: limits.accounting,
      },
      error: table.ok ? undefined : table.error,
      // Without conntrack there are none of its files either.
      fileErrors: table.ok ? errors : new Map(),
    };
  }

  #readHost(): ReturnType<typeof readHost> {
    const { reading, errors } = readHost(this.#hostParts, this.#kernelFiles);
    if (reading.cpu === undefined) return { reading, errors };
    this.#cpu = notBehind(reading.cpu, this.#cpu);
    return { reading: { ...reading, cpu: this.#cpu }, errors };
  }

  /** This host's own addresses with the lists that have them, once lists are loaded. */
  #readHostThreats(): {
    readonly reading: readonly ListedAddress[] | undefined;
    readonly error: Error | undefined;
  } {
    const listed = this.#listed;
    if (!this.#config["host.threats.enable"] || listed === undefined) {
      return { reading: undefined, error: undefined };
    }
    try {
      const reading = hostAddresses(Deno.networkInterfaces(), {
        interfaces: this.#config["host.interfaces"],
        allowPrivate: this.#config["host.ips.allow-private"],
      }).map((address) => ({ address, lists: listed.find(Uint32Array.from(address.words), 0) }));
      return { reading, error: undefined };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return { reading: undefined, error };
    }
  }
}

function threatOptions(config: Config): ThreatOptions | undefined {
  const directions = listDirections(config);
  if (directions.every((direction) => direction === undefined)) return undefined;
  return {
    directions,
    mostFresh: config["threatfile.enable"] ? MOST_FRESH : 0,
    mostFreshOfEach: MOST_FRESH_OF_EACH,
  };
}
