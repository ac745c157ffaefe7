import type { DomainStats } from "../../ffi/domain_stats.ts";
import type { JobStats } from "../../ffi/job_stats.ts";
import type { Versions } from "../../ffi/libvirt.ts";
import type { FlowSummary } from "../conntrack/flow_summary.ts";
import type { InstanceDescription } from "../inventory/instance.ts";
import type { OvsState } from "../ovs/ovs_state.ts";
import type { HostReading } from "../reading/host_files.ts";
import type { VcpuDelay } from "../reading/vcpu_threads.ts";
import type { ListedAddress } from "./host_threat.ts";

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
  /** How long its vCPUs waited; absent where that was not asked for, or its threads are not visible. */
  readonly delay?: VcpuDelay | undefined;
  /** The job that runs on it; absent where there is none, or jobs were not asked for. */
  readonly job?: JobStats | undefined;
}

/** What one cycle read of the host. Collectors see nothing else and change nothing in it. */
export interface Cycle {
  /** When the statistics were taken, in milliseconds of a clock that never steps. */
  readonly statsAtMs: number;
  /** Absent where no dump was read to its end in this cycle. */
  readonly flows: FlowSummary | undefined;
}

/** What a cycle read from libvirt. */
export type DomainsReading =
  | {
    readonly ok: true;
    readonly listDurationMs: number;
    /** When the statistics were taken, by the clock that never steps. */
    readonly statsAtMs: number;
    /** UUIDs of all active domains, those that could not be read included. */
    readonly listed: ReadonlySet<string>;
    readonly instances: readonly InstanceReading[];
    readonly domainErrors: number;
    readonly versions?: Versions | undefined;
  }
  | { readonly ok: false; readonly listDurationMs: number };

/** What a cycle read from the conntrack table; the totals count since the start. */
export interface ConntrackTableReading {
  readonly summary: FlowSummary | undefined;
  readonly durationMs: number;
  readonly interruptedTotal: number;
  readonly enobufsTotal: number;
  readonly kernelEntries: number | undefined;
  readonly kernelMax: number | undefined;
  readonly kernelAccounting?: number | undefined;
}

/** Everything one cycle read. */
export interface CycleReadings {
  /** When the cycle began, by the clock that never steps, in milliseconds. */
  readonly startedAtMs: number;
  readonly lagMs: number;
  /** Cycles that were skipped since the start of the program. */
  readonly skippedTotal: number;
  readonly domains: DomainsReading;
  readonly conntrack: ConntrackTableReading;
  /** Absent where there is no database of Open vSwitch to follow, or nothing is known of it yet. */
  readonly ovs?: OvsState | undefined;
  /** What the kernel says of this host; absent where none of it was asked for. */
  readonly host?: HostReading | undefined;
  /** Addresses of this host; absent where they were not asked for, or could not be read or matched. */
  readonly hostThreats?: readonly ListedAddress[] | undefined;
}
