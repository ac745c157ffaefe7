import { STATS_GROUPS, type StatsGroupName } from "../../ffi/libvirt.ts";
import { isCollectorOn, type SwitchableCollector } from "../config/collector_flags.ts";
import type { Config } from "../config/config.ts";
import type { HostReading } from "./host_files.ts";

/** Groups of the bulk call that no one needs where all of these are off. Others are always read. */
const GROUP_READERS: Partial<Record<StatsGroupName, readonly SwitchableCollector[]>> = {
  INTERFACE: ["network"],
  BLOCK: ["disk_io", "disk_time", "disk_size"],
};

const HOST_READERS: Readonly<Record<keyof HostReading, SwitchableCollector>> = {
  cpu: "host",
  memory: "host",
  conntrackDrops: "host_conntrack",
  numaNodes: "host_numa",
  kernel: "libvirt_info",
};

/** Groups of the bulk call that some collector needs. */
export function enabledGroups(config: Config): readonly StatsGroupName[] {
  return STATS_GROUPS.filter((group) =>
    GROUP_READERS[group]?.some((name) => isCollectorOn(config, name)) ?? true
  );
}

/** Parts of the host's reading that some collector needs. */
export function enabledHostParts(config: Config): readonly (keyof HostReading)[] {
  const parts = Object.keys(HOST_READERS) as (keyof HostReading)[];
  return parts.filter((part) => isCollectorOn(config, HOST_READERS[part]));
}
