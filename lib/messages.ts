import type { Config } from "./config/config.ts";
import type { LogLevel } from "./log/logger.ts";
import type { LogRecord } from "./log/forward.ts";
import type { CollectorState } from "./web/status.ts";

/** What the main thread tells the collecting thread. */
export type ToCollector =
  | { readonly type: "start"; readonly config: Config }
  | { readonly type: "log-level"; readonly level: LogLevel }
  /** Finish the cycle that runs, close what is open, answer with `stopped`. */
  | { readonly type: "stop" };

/** A body in the two codings that are served. */
export interface EncodedBody {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** The page of one cycle; its bytes are moved to the main thread, not copied. */
export interface PageMessage {
  readonly type: "page";
  readonly body: EncodedBody;
  /** What may still be said when no newer page came within `lifetimeMs`. */
  readonly stalled: EncodedBody;
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
  /** The program cannot do its work at all; the message is one line for the operator. */
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "stopped" };
