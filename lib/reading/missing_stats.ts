import type { DomainStats } from "../../ffi/domain_stats.ts";
import type { ListedDomain, StatsGroupName } from "../../ffi/libvirt.ts";
import { LibvirtError } from "../../ffi/libvirt_error.ts";
import type { InstanceDescription } from "../inventory/instance.ts";

/** Statistics that per-domain calls completed, and the first call that failed. */
export interface FilledStats {
  readonly stats: DomainStats;
  readonly error: LibvirtError | undefined;
}

/**
 * Asks one domain for the groups that its driver's bulk call lacks. Devices come from the
 * description: a driver without the groups does not name them. A device that the driver cannot
 * count keeps its name and has no counters.
 *
 * @throws {LibvirtError} If the domain has gone or the connection is lost.
 */
export function fillMissingStats(
  domain: ListedDomain,
  description: InstanceDescription | undefined,
  missing: ReadonlySet<StatsGroupName>,
): FilledStats {
  let firstError: LibvirtError | undefined;
  const attempt = <T>(call: () => T): T | undefined => {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof LibvirtError)) throw error;
      if (error.kind === "connection lost" || error.kind === "domain gone") throw error;
      if (error.kind !== "unsupported") firstError ??= error;
      return undefined;
    }
  };
  let stats = domain.stats;
  if (missing.has("STATE") || missing.has("CPU_TOTAL") || missing.has("BALLOON")) {
    const info = attempt(() => domain.info());
    if (info !== undefined) {
      stats = {
        state: info.state,
        cpuTimeNs: info.cpuTimeNs,
        memoryCurrentKib: info.memoryKib,
        vcpus: info.vcpus,
        ...stats,
      };
    }
  }
  if (missing.has("BLOCK") && description !== undefined) {
    const disks = description.blockDevices.map((name) =>
      attempt(() => domain.blockStats(name)) ?? { name }
    );
    stats = { ...stats, disks };
  }
  if (missing.has("INTERFACE") && description !== undefined) {
    const interfaces = description.interfaces.map(({ device }) =>
      attempt(() => domain.interfaceStats(device)) ?? { name: device }
    );
    stats = { ...stats, interfaces };
  }
  return { stats, error: firstError };
}
