import type { BuildInfo } from "./build_info.ts";
import type { Config } from "./config/config.ts";
import type { Segment } from "./exposition_draft.ts";
import type { HistoryCycle } from "./live/node_view.ts";
import type { LogLevel } from "./log/logger.ts";
import type { LogRecord } from "./log/forward.ts";
import type { ListTelemetry } from "./threat/telemetry.ts";
import type { OvsState } from "./ovs/ovs_state.ts";
import type { ThreatIndexData } from "./threat/threat_index.ts";
import type { CollectorState } from "./web/status.ts";

/** What the main thread tells the collecting thread. */
export type ToCollector =
  | {
    readonly type: "start";
    readonly config: Config;
    readonly build: BuildInfo;
    readonly pulse: SharedArrayBuffer;
  }
  | { readonly type: "log-level"; readonly level: LogLevel }
  | ThreatsMessage
  /** Render OpenMetrics too for the next `forMs` milliseconds. */
  | { readonly type: "open-metrics"; readonly forMs: number }
  | OvsMessage
  /** Finish the cycle that runs, close what is open, answer with `stopped`. */
  | { readonly type: "stop" };

/** How the threat lists stand; an index is moved from thread to thread, not copied. */
export interface ThreatsMessage {
  readonly type: "threats";
  /** All lists, when any of them changed. */
  readonly index?: ThreatIndexData;
  /** Every enabled list, in the order of the table. */
  readonly telemetry: readonly ListTelemetry[];
}

/** What is known of Open vSwitch's database now; undefined where there is none to follow. */
export interface OvsMessage {
  readonly type: "ovs";
  readonly state: OvsState | undefined;
}

/** What the main thread tells every thread that can be without it for a while. */
export type WorkerOrder =
  | { readonly type: "log-level"; readonly level: LogLevel }
  /** End what is being done, answer with `stopped`. */
  | { readonly type: "stop" };

/** What every such thread tells the main thread. */
export type WorkerNews =
  | { readonly type: "log"; readonly record: LogRecord }
  | Crash
  | { readonly type: "stopped" };

/** Something was thrown that nobody caught; the thread does nothing any more. */
export interface Crash {
  readonly type: "crashed";
  readonly message: string;
  readonly stack: string | undefined;
}

/** What the main thread tells the thread that follows Open vSwitch's database. */
export type ToOvs =
  | { readonly type: "start"; readonly path: string; readonly level: LogLevel }
  | WorkerOrder;

/** What the thread that follows Open vSwitch's database tells the main thread. */
export type FromOvs =
  | { readonly type: "ovs"; readonly state: OvsState }
  | WorkerNews;

/** What the main thread tells the thread that reads threat lists. */
export type ToThreats =
  | { readonly type: "start"; readonly config: Config }
  /** Read the lists that are local files again, now. */
  | { readonly type: "reload" }
  /** Tell again how the lists stand, the index included: its receiver is gone. */
  | { readonly type: "resend" }
  | WorkerOrder;

/** What the thread that reads threat lists tells the main thread. */
export type FromThreats =
  | ThreatsMessage
  | WorkerNews;

/** A body in the two codings that are served. */
export interface EncodedBody {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** A body of which a scrape may choose parts. */
export interface SegmentedBody extends EncodedBody {
  /** Where each collector's lines stand in `plain`. */
  readonly segments: readonly Segment[];
}

/** A page in one format. */
export interface ServedExposition {
  readonly body: SegmentedBody;
  /** What may still be said when no newer page came within the page's lifetime; of no collector. */
  readonly stalled: EncodedBody;
}

/** The page of one cycle; its bytes are moved to the main thread, not copied. */
export interface PageMessage {
  readonly type: "page";
  readonly text: ServedExposition;
  /** Where someone asked for it. */
  readonly openMetrics: ServedExposition | undefined;
  /** The snapshot of `/api/v1/node`. */
  readonly snapshot: EncodedBody;
  /** What may still be said of it then. */
  readonly stalledSnapshot: EncodedBody;
  /** Absent where domains could not be listed, or nothing is remembered. */
  readonly history?: HistoryCycle | undefined;
  readonly lifetimeMs: number;
  /** True where this cycle listed the domains. */
  readonly isComplete: boolean;
  readonly libvirtUp: boolean;
  readonly conntrackUp: boolean;
  readonly instances: number;
  readonly series: number;
  readonly collectors: readonly CollectorState[];
}

/** What the collecting thread tells the main thread. */
export type FromCollector =
  | PageMessage
  | { readonly type: "log"; readonly record: LogRecord }
  /** Lines for the threat file, each with its newline. */
  | { readonly type: "contacts"; readonly lines: readonly string[] }
  /** The program cannot do its work at all; the message is one line for the operator. */
  | { readonly type: "failed"; readonly message: string }
  | Crash
  | { readonly type: "stopped" };
