import type { InstanceHistory, NodeHistory } from "../live/history_schema.ts";
import type { ExpositionFormat } from "../metrics/exposition.ts";
import type { CollectorFilter } from "./collector_filter.ts";

/** How the newest cycle of one collector went. */
export interface CollectorState {
  readonly name: string;
  readonly success: boolean;
  readonly durationSeconds: number;
}

/** What the page at `/` tells. */
export interface StatusSnapshot {
  readonly version: string;
  readonly revision: string;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** When the newest complete cycle ended, in milliseconds since 1970; undefined before the first. */
  readonly lastCollectionMs: number | undefined;
  readonly libvirtUp: boolean;
  readonly conntrackUp: boolean;
  readonly collectors: readonly CollectorState[];
  readonly instances: number;
  readonly series: number;
}

/** What a scrape asks for. */
export interface MetricsQuestion {
  readonly openMetrics: boolean;
  readonly filter: CollectorFilter | undefined;
}

/** Bytes of one scrape; the caller does not change them. */
export interface MetricsAnswer {
  readonly format: ExpositionFormat;
  readonly plain: Uint8Array<ArrayBuffer>;
  /** Absent where only a part of the page was asked for. */
  readonly gzip: Uint8Array<ArrayBuffer> | undefined;
}

/** Where the answers come from. Nothing here may take time: a request waits for it. */
export interface Pages {
  /** The bytes that are ready, in OpenMetrics where that is wanted and can be had. */
  metrics(question: MetricsQuestion): MetricsAnswer;
  /** Names of the collectors that run. */
  collectorNames(): readonly string[];
  /** The snapshot, likewise, and a tag that changes when it does. */
  snapshot(): {
    readonly plain: Uint8Array<ArrayBuffer>;
    readonly gzip: Uint8Array<ArrayBuffer>;
    readonly tag: string;
  };
  /** Whether the data is complete and fresh; `reason` is one line either way. */
  ready(): { readonly ready: boolean; readonly reason: string };
  status(): StatusSnapshot;
}

/** What is remembered of the instances. Nothing here may take more than a few milliseconds. */
export interface Histories {
  /** Undefined where no such instance runs. */
  instance(uuid: string): InstanceHistory | undefined;
  node(): NodeHistory;
}
