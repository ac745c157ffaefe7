import type { InstanceHistory, NodeHistory } from "../live/history_schema.ts";

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

/** Where the answers come from. Nothing here may take time: a request waits for it. */
export interface Pages {
  /** The bytes that are ready; the caller does not change them. */
  metrics(): {
    readonly plain: Uint8Array<ArrayBuffer>;
    readonly gzip: Uint8Array<ArrayBuffer>;
  };
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
