import type { BuildInfo } from "../build_info.ts";
import type { HealthReading } from "../collectors/health.ts";
import type { CollectorResult } from "../collectors/runner.ts";
import { type NodeSnapshot, SCHEMA_VERSION } from "./node_schema.ts";

/** A conntrack table that is so full is marked: what comes next may be refused. */
const FULL_PERCENT = 80;
const BYTES_PER_GIB = 2 ** 30;

/** What of the host does not change. */
export interface HostFacts {
  readonly build: BuildInfo;
  /** Name of the host. */
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly intervalMs: number;
  /** Age at which data is no longer served. */
  readonly lifetimeMs: number;
}

/** The part of a snapshot that is of the host, by the numbers that its metrics have. */
export function hostSnapshot(
  { build, node, startedAtMs, intervalMs, lifetimeMs }: HostFacts,
  health: HealthReading,
  collectors: readonly CollectorResult[],
): Omit<NodeSnapshot, "feeds" | "listed_host_addresses" | "instances"> {
  const { conntrackKernelEntries: entries, conntrackMax: max, activeMemGbytes } = health;
  const fill = entries === undefined || !max ? null : 100 * entries / max;
  return {
    schema: SCHEMA_VERSION,
    node,
    exporter: {
      version: build.version,
      revision: build.revision,
      started_at: startedAtMs / 1000,
    },
    cycle: {
      interval_seconds: intervalMs / 1000,
      lifetime_seconds: lifetimeMs / 1000,
      collected_at: health.lastCollection ?? null,
      duration_seconds: health.collectionDuration ?? null,
      lag_seconds: health.collectionLag ?? null,
      skipped_total: health.collectionSkipped ?? 0,
      errors_total: health.collectionErrors ?? 0,
    },
    libvirt: {
      up: health.libvirtUp === 1,
      list_seconds: health.libvirtListDuration ?? null,
      domain_errors_total: health.domainErrors ?? 0,
    },
    conntrack: {
      up: health.conntrackUp === 1,
      entries: entries ?? null,
      max: max ?? null,
      fill_percent: fill === null ? null : Math.round(100 * fill) / 100,
      over: fill !== null && fill >= FULL_PERCENT,
      read_seconds: health.conntrackReadDuration ?? null,
      read_errors_total: health.conntrackErrors ?? 0,
      ambiguous_fixed_ips: health.ambiguousFixedIps ?? null,
    },
    totals: {
      instances: health.activeVms ?? null,
      vcpus: health.activeVcpus ?? null,
      memory_bytes: activeMemGbytes === undefined ? null : activeMemGbytes * BYTES_PER_GIB,
    },
    collectors: collectors.map(({ name, success, durationMs }) => ({
      name,
      success,
      duration_seconds: durationMs / 1000,
    })),
  };
}
