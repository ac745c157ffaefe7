import { dataLifetimeMs } from "../config/data_lifetime.ts";
import { MEMORY } from "../metrics/resource_families.ts";
import type { Collector } from "./collector.ts";
import { type InstanceValue, instanceValues } from "./instance_values.ts";
import { bytes } from "./units.ts";

const VALUES: readonly InstanceValue[] = [
  { family: MEMORY.maximum, read: ({ stats }) => bytes(stats.memoryMaximumKib) },
  { family: MEMORY.current, read: ({ stats }) => bytes(stats.memoryCurrentKib) },
  { family: MEMORY.rss, read: ({ stats }) => bytes(stats.memoryRssKib) },
  { family: MEMORY.available, read: ({ stats }) => bytes(stats.memoryAvailableKib) },
  { family: MEMORY.usable, read: ({ stats }) => bytes(stats.memoryUsableKib) },
  { family: MEMORY.unused, read: ({ stats }) => bytes(stats.memoryUnusedKib) },
  { family: MEMORY.diskCaches, read: ({ stats }) => bytes(stats.memoryDiskCachesKib) },
  { family: MEMORY.swapIn, read: ({ stats }) => bytes(stats.memorySwapInKib) },
  { family: MEMORY.swapOut, read: ({ stats }) => bytes(stats.memorySwapOutKib) },
  { family: MEMORY.majorFaults, read: ({ stats }) => stats.memoryMajorFaults },
  { family: MEMORY.minorFaults, read: ({ stats }) => stats.memoryMinorFaults },
  { family: MEMORY.updated, read: ({ stats }) => stats.memoryUpdatedAtS || undefined },
];

/** Memory of each instance: what the host gives it, and what the guest says it does with it. */
export const INSTANCE_MEMORY: Collector = {
  name: "memory",
  families: Object.values(MEMORY),
  start(config) {
    const collect = instanceValues(VALUES);
    const lifetimeMs = dataLifetimeMs(config);
    const answeredAtMs = new WeakMap<object, number>();
    return (instance, cycle) => {
      // Of a busy guest libvirt knows the balloon's limits alone: what was last known stays while it may.
      if (instance.stats.memoryRssKib !== undefined) {
        answeredAtMs.set(instance.run, cycle.statsAtMs);
      } else if (cycle.statsAtMs - (answeredAtMs.get(instance.run) ?? -Infinity) < lifetimeMs) {
        return undefined;
      }
      return collect(instance, cycle);
    };
  },
};
