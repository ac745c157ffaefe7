import type { DomainStats } from "../../ffi/domain_stats.ts";
import type { JobStats } from "../../ffi/job_stats.ts";
import type { Versions } from "../../ffi/libvirt.ts";
import type { InstanceDescription } from "../inventory/instance.ts";

/** One running domain as one cycle found it. */
export interface DomainReading {
  /** The same object for as long as this run of the domain (UUID and domain id) lasts. */
  readonly run: object;
  readonly stats: DomainStats;
  /**
   * The same object for as long as the XML says the same. Absent until the domain's XML could be
   * read and parsed once; later failures keep the last good one.
   */
  readonly description: InstanceDescription | undefined;
  /** The job that runs on it, where jobs are asked for. */
  readonly job?: JobStats | undefined;
  /** Why its XML or its statistics could not be used in this cycle; the same object while it lasts. */
  readonly error: Error | undefined;
}

/** What libvirt said in one cycle. */
export interface LibvirtListing {
  readonly up: true;
  /** How long the bulk call took. */
  readonly listDurationMs: number;
  /** The middle of the bulk call, in milliseconds of the reader's clock. */
  readonly statsAtMs: number;
  readonly domains: readonly DomainReading[];
  /** Of libvirt and QEMU, since the connection was made. */
  readonly versions: Versions;
  /** How many of the domains have an error. */
  readonly domainErrors: number;
}

/** A cycle in which the domains could not be listed. */
export interface LibvirtDown {
  readonly up: false;
  readonly error: Error;
}

export type LibvirtReading = LibvirtListing | LibvirtDown;
