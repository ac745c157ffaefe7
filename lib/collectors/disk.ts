import type { Config } from "../config/config.ts";
import { DISK } from "../metrics/instance_families.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import type { InstanceReading } from "./cycle.ts";
import { diskLabels } from "./disk_labels.ts";
import { byDescription } from "./owner_labels.ts";

/** What is known of each disk without reading it: its names and the thresholds of its tier. */
export const DISK_INFO: Collector = {
  name: "disk",
  families: [DISK.info, DISK.readThreshold, DISK.writeThreshold],
  start(config) {
    const { read, write } = diskThresholds(config);
    return byDescription((instance: InstanceReading): readonly Sample[] => {
      const labels = diskLabels(instance);
      return instance.description.disks.flatMap(({ device, tier }) => {
        const text = labels.get(device);
        if (text === undefined) return [];
        return [
          sample(DISK.info, text, 1),
          sample(DISK.readThreshold, text, read(tier)),
          sample(DISK.writeThreshold, text, write(tier)),
        ];
      });
    });
  },
};

/** What the configuration says of each tier, for reading and for writing. */
export function diskThresholds(
  config: Config,
): { readonly read: (tier: string) => number; readonly write: (tier: string) => number } {
  return {
    read: thresholds(config["read.thresholds"], config["default.read.threshold"]),
    write: thresholds(config["write.thresholds"], config["default.write.threshold"]),
  };
}

/** Threshold of a tier: its own entry, then the entry `default`, then the flag for all. */
function thresholds(
  byTier: Config["read.thresholds"],
  fallback: number,
): (tier: string) => number {
  const otherwise = byTier.get("default") ?? fallback;
  return (tier) => byTier.get(tier) ?? otherwise;
}
