import type { BuildInfo } from "./build_info.ts";
import type { Collector } from "./collectors/collector.ts";
import type { CycleReadings } from "./collectors/cycle.ts";
import {
  buildInfoSample,
  collectorSamples,
  type HealthReading,
  healthSamples,
  type ProcessReading,
  processSamples,
} from "./collectors/health.ts";
import { feedSamples } from "./collectors/feed.ts";
import { HealthState } from "./collectors/health_state.ts";
import type { HostCollector } from "./collectors/host_collector.ts";
import { HOST_RESOURCES } from "./collectors/host_resources.ts";
import { hostThreatSamples } from "./collectors/host_threat.ts";
import { type CollectorResult, CollectorRunner } from "./collectors/runner.ts";
import { isCollectorOn } from "./config/collector_flags.ts";
import type { Config } from "./config/config.ts";
import { dataLifetimeMs } from "./config/data_lifetime.ts";
import { DomainOrigins } from "./domain_origins.ts";
import { type Exposition, ExpositionDraft } from "./exposition_draft.ts";
import { DynamicCache } from "./metrics/dynamic_cache.ts";
import { HOST_FAMILIES } from "./metrics/families.ts";
import { HEALTH } from "./metrics/health_families.ts";
import { COLLECTOR, PROCESS } from "./metrics/host_families.ts";
import type { Family } from "./metrics/family.ts";
import type { ExpositionFormat } from "./metrics/exposition.ts";
import type { Naming } from "./metrics/naming.ts";
import type { FamilySamples } from "./metrics/page_writer.ts";
import { StaticCache } from "./metrics/static_cache.ts";
import { HOST_THREAT_LISTED, refreshFamiliesOf } from "./metrics/threat_families.ts";
import { enabledLists } from "./threat/enabled_lists.ts";
import type { ListTelemetry } from "./threat/telemetry.ts";

/** Clocks of the collecting thread. */
export interface Clock {
  /** Milliseconds of a clock that never steps. */
  now(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
}

/** What the system says of this process at this moment. */
export interface OwnResources {
  readonly process: ProcessReading;
  /** V8 heap in use, in bytes. */
  readonly heapUsed: number;
}

/** The page of one cycle. */
export interface Page {
  readonly text: Exposition;
  /** Where {@link Exporter.wantOpenMetrics} asked for it. */
  readonly openMetrics: Exposition | undefined;
  /** When the newest complete cycle ended, in milliseconds since the epoch. */
  readonly lastCollectionMs: number | undefined;
  readonly libvirtUp: boolean;
  readonly conntrackUp: boolean;
  readonly health: HealthReading;
  readonly instances: number;
  readonly series: number;
  readonly collectors: readonly CollectorResult[];
}

const CLEANUP_INTERVAL_MS = 60_000;
const FIRST_PAGE_BYTES = 64 * 1024;

/**
 * From readings to a page: runs the collectors, keeps both caches, renders. Does no input or output
 * of its own.
 */
export class Exporter {
  /** How long an instance's data may be served. */
  readonly lifetimeMs: number;
  readonly #clock: Clock;
  readonly #ownResources: () => OwnResources;
  readonly #dynamic: DynamicCache;
  readonly #static = new StaticCache();
  readonly #staticLifetimeMs: number;
  readonly #runner: CollectorRunner;
  readonly #hostCollectors: readonly HostCollector[];
  readonly #hostCollectorOf: ReadonlyMap<Family, string>;
  readonly #health: HealthState;
  readonly #naming: Naming;
  readonly #startedAtMs: number;
  readonly #origins = new DomainOrigins();
  #bootedAtMs: number | undefined;
  #openMetricsUntilMs = -Infinity;
  #cleanedAtMs = -Infinity;
  readonly #pageBytes: Record<ExpositionFormat, number> = {
    text: FIRST_PAGE_BYTES,
    openMetrics: FIRST_PAGE_BYTES,
  };

  constructor(config: Config, options: {
    readonly build: BuildInfo;
    readonly clock: Clock;
    readonly collectors: readonly Collector[];
    readonly ownResources: () => OwnResources;
  }) {
    this.lifetimeMs = dataLifetimeMs(config);
    this.#naming = config["metrics.names"];
    this.#clock = options.clock;
    this.#startedAtMs = options.clock.wall();
    this.#ownResources = options.ownResources;
    this.#dynamic = new DynamicCache(this.lifetimeMs);
    this.#staticLifetimeMs = Math.max(
      config["static.cache.expiration"],
      2 * config["collection.interval"],
    );
    this.#runner = new CollectorRunner(options.collectors, config, {
      cache: this.#dynamic,
      now: options.clock.now,
    });
    this.#health = new HealthState(this.lifetimeMs);
    this.#static.write(HOST_FAMILIES, [buildInfoSample(options.build)]);
    this.#hostCollectors = HOST_RESOURCES.filter(({ name }) => isCollectorOn(config, name));
    for (const { families } of this.#hostCollectors) this.#static.write(families, []);
    this.#hostCollectorOf = new Map(
      this.#hostCollectors.flatMap(({ name, families }) =>
        families.map((family): [Family, string] => [family, name])
      ),
    );
    const lists = enabledLists(config).map(({ list }) => list.name);
    this.#static.write(refreshFamiliesOf(lists), []);
    if (config["host.threats.enable"]) this.#static.write([HOST_THREAT_LISTED], []);
  }

  /** The page before anything was read. */
  firstPage(): Page {
    this.#cleanUp();
    return this.#render([]);
  }

  /** Takes in how the refreshing of lists stands: it is on the pages from the next one on. */
  takeTelemetry(telemetry: readonly ListTelemetry[]): void {
    this.#static.write(
      refreshFamiliesOf(telemetry.map(({ list }) => list)),
      feedSamples(telemetry),
    );
  }

  /** Renders OpenMetrics too, for pages of the next `forMs` milliseconds. */
  wantOpenMetrics(forMs: number): void {
    this.#openMetricsUntilMs = this.#clock.now() + forMs;
  }

  /** Takes in one cycle and gives its page. */
  update(readings: CycleReadings): Page {
    const { domains, conntrack, hostThreats } = readings;
    if (domains.ok) {
      this.#dynamic.retain(domains.listed);
      this.#origins.take(domains, this.#clock.wall());
    }
    const results = domains.ok
      ? this.#runner.run(domains.instances, {
        statsAtMs: domains.statsAtMs,
        flows: conntrack.summary,
      })
      : this.#runner.skip();
    this.#bootedAtMs = readings.host?.cpu?.bootedAtMs;
    this.#static.write(Object.values(COLLECTOR), collectorSamples(results));
    for (const { families, collect } of this.#hostCollectors) {
      this.#static.write(families, collect(readings));
    }
    if (hostThreats) {
      const expiresAtMs = this.#clock.now() + this.#staticLifetimeMs;
      this.#static.write([HOST_THREAT_LISTED], hostThreatSamples(hostThreats), expiresAtMs);
    }
    this.#health.take(readings, results, this.#clock.now());
    this.#cleanUp();
    return this.#render(results, readings.startedAtMs);
  }

  #cleanUp(): void {
    const startedAtMs = this.#clock.now();
    if (startedAtMs - this.#cleanedAtMs < CLEANUP_INTERVAL_MS) return;
    this.#cleanedAtMs = startedAtMs;
    this.#dynamic.expire(startedAtMs);
    this.#static.expire(startedAtMs);
    this.#health.cleaned(this.#clock.now() - startedAtMs);
  }

  #render(collectors: readonly CollectorResult[], cycleStartedAtMs?: number): Page {
    const nowMs = this.#clock.now();
    const { collectors: samples, series, instances } = this.#dynamic.read(nowMs);
    const text = this.#draft("text", samples);
    const openMetrics = nowMs < this.#openMetricsUntilMs
      ? this.#draft("openMetrics", samples)
      : undefined;
    const { process, heapUsed } = this.#ownResources();
    if (cycleStartedAtMs !== undefined) {
      this.#health.ended(this.#clock.now() - cycleStartedAtMs, this.#clock.wall());
    }
    const health = this.#health.reading({
      heapUsed,
      dynamicCacheSeries: series,
      dynamicCacheEntries: instances,
      staticCacheEntries: this.#static.size,
      evictions: this.#dynamic.evictions + this.#static.evictions,
    }, nowMs);
    this.#static.write(Object.values(HEALTH), healthSamples(health));
    this.#static.write(Object.values(PROCESS), processSamples(process));
    const host = this.#static.read(nowMs);
    return {
      text: this.#finish(text, host),
      openMetrics: openMetrics && this.#finish(openMetrics, host),
      lastCollectionMs: this.#health.lastCollectionMs,
      libvirtUp: health.libvirtUp === 1,
      conntrackUp: health.conntrackUp === 1,
      health,
      instances,
      series,
      collectors,
    };
  }

  #draft(format: ExpositionFormat, samples: ReadonlyMap<string, FamilySamples>): ExpositionDraft {
    return new ExpositionDraft(samples, {
      format,
      naming: this.#naming,
      expectedBytes: this.#pageBytes[format],
      origins: {
        exporter: this.#startedAtMs,
        boot: this.#bootedAtMs,
        domain: (uuid) => this.#origins.of(uuid),
      },
    });
  }

  #finish(draft: ExpositionDraft, host: FamilySamples): Exposition {
    const exposition = draft.finish(host, this.#hostCollectorOf);
    // With room for some more instances than this page had.
    this.#pageBytes[draft.format] = Math.ceil(exposition.body.length * 1.05);
    return exposition;
  }
}
