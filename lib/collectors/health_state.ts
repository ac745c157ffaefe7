import type { CycleReadings, InstanceReading } from "./cycle.ts";
import type { HealthReading } from "./health.ts";
import { currentMemoryKib, currentVcpus } from "./instance.ts";
import type { CollectorResult } from "./runner.ts";

const KIB_PER_GIB = 2 ** 20;

/** What the caches say of themselves when a page is rendered. */
export type CacheReading = Required<
  Pick<
    { readonly [Key in keyof HealthReading]: number },
    | "heapUsed"
    | "dynamicCacheSeries"
    | "dynamicCacheEntries"
    | "staticCacheEntries"
    | "evictions"
  >
>;

type Totals = Pick<HealthReading, "activeVms" | "activeVcpus" | "activeMemGbytes">;

/** The counters and last-known values of the exporter's health over all cycles. */
export class HealthState {
  readonly #lifetimeMs: number;
  #newest: CycleReadings | undefined;
  #totals: Totals = { activeVms: undefined, activeVcpus: undefined, activeMemGbytes: undefined };
  #table: { entries: number; ambiguous: number; readAtMs: number } | undefined;
  #collectionErrors = 0;
  #domainErrors = 0;
  #conntrackErrors = 0;
  #collectionMs: number | undefined;
  #lastCollectionMs: number | undefined;
  #cleanupMs: number | undefined;

  /** @param lifetimeMs How long what a conntrack dump said may be served. */
  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** When the newest complete cycle ended, in milliseconds since the epoch. */
  get lastCollectionMs(): number | undefined {
    return this.#lastCollectionMs;
  }

  /** Counts what one cycle read and how its collectors fared. */
  take(readings: CycleReadings, results: readonly CollectorResult[], nowMs: number): void {
    this.#newest = readings;
    const { domains, conntrack } = readings;
    if (domains.ok) {
      this.#totals = totalsOf(domains.instances, domains.listed.size);
      this.#domainErrors += domains.domainErrors;
      this.#collectionErrors += domains.domainErrors;
    } else {
      this.#collectionErrors++;
    }
    this.#collectionErrors += results.filter(({ failures }) => failures.size > 0).length;
    if (conntrack.summary) {
      const { entries, ambiguousFixedIps: ambiguous } = conntrack.summary;
      this.#table = { entries, ambiguous, readAtMs: nowMs };
    } else {
      this.#conntrackErrors++;
    }
  }

  /** Notes that the newest cycle ended; one that listed the domains was complete. */
  ended(durationMs: number, wallMs: number): void {
    this.#collectionMs = durationMs;
    if (this.#newest?.domains.ok) this.#lastCollectionMs = wallMs;
  }

  /** Notes a clean-up of the caches. */
  cleaned(durationMs: number): void {
    this.#cleanupMs = durationMs;
  }

  /** All health numbers at this moment, in the units of their families. */
  reading(cache: CacheReading, nowMs: number): HealthReading {
    const newest = this.#newest;
    const isTableFresh = this.#table && nowMs - this.#table.readAtMs < this.#lifetimeMs;
    const table = isTableFresh ? this.#table : undefined;
    return {
      ...cache,
      ...this.#totals,
      libvirtUp: newest?.domains.ok ? 1 : 0,
      ovsUp: newest?.ovs && (newest.ovs.zones ? 1 : 0),
      ovsPortZones: newest?.ovs?.zones?.size,
      conntrackUp: newest?.conntrack.summary ? 1 : 0,
      collectionErrors: this.#collectionErrors,
      collectionDuration: seconds(this.#collectionMs),
      collectionLag: seconds(newest?.lagMs),
      lastCollection: seconds(this.#lastCollectionMs),
      collectionSkipped: newest?.skippedTotal ?? 0,
      domainErrors: this.#domainErrors,
      libvirtListDuration: seconds(newest?.domains.listDurationMs),
      conntrackReadDuration: seconds(newest?.conntrack.durationMs),
      conntrackEntries: table?.entries,
      ambiguousFixedIps: table?.ambiguous,
      conntrackMax: newest?.conntrack.kernelMax,
      conntrackAccounting: newest?.conntrack.kernelAccounting,
      conntrackKernelEntries: newest?.conntrack.kernelEntries,
      conntrackErrors: this.#conntrackErrors,
      hostConntrackErrors: this.#conntrackErrors,
      conntrackInterrupted: newest?.conntrack.interruptedTotal ?? 0,
      conntrackEnobufs: newest?.conntrack.enobufsTotal ?? 0,
      cleanupDuration: seconds(this.#cleanupMs),
    };
  }
}

function totalsOf(instances: readonly InstanceReading[], activeVms: number): Totals {
  let activeVcpus = 0;
  let memoryKib = 0;
  for (const instance of instances) {
    activeVcpus += currentVcpus(instance) ?? 0;
    memoryKib += currentMemoryKib(instance) ?? 0;
  }
  return { activeVms, activeVcpus, activeMemGbytes: memoryKib / KIB_PER_GIB };
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
