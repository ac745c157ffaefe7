import type { DomainStats } from "../../ffi/domain_stats.ts";
import type { FlowSummary } from "../conntrack/flow_summary.ts";
import type { InstanceDescription } from "../inventory/instance.ts";

/** One instance as one cycle read it. */
export interface InstanceReading {
  readonly stats: DomainStats;
  /** The same object for as long as the XML says the same: label texts are kept by it. */
  readonly description: InstanceDescription;
  /**
   * One object for each run of a domain (UUID and domain id). Collectors keep their state in a
   * WeakMap with this key, so that it goes with the domain and no clean-up is needed.
   */
  readonly run: object;
}

/** What one cycle read of the host. Collectors see nothing else and change nothing in it. */
export interface Cycle {
  /** When the statistics were taken, in milliseconds of a clock that never steps. */
  readonly statsAtMs: number;
  /** Absent where no dump was read to its end in this cycle. */
  readonly flows: FlowSummary | undefined;
}
