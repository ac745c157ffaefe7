import type { DiskStats } from "../../ffi/domain_stats.ts";
import type { Family } from "../metrics/family.ts";
import type { DISK } from "../metrics/instance_families.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { CollectInstance } from "./collector.ts";
import { diskLabels } from "./disk_labels.ts";

/** Where the value of a disk's family comes from; undefined is not known, and not on the page. */
export interface DiskValue {
  readonly family: Family<typeof DISK.info.labels>;
  readonly read: (disk: DiskStats) => number | bigint | undefined;
}

/**
 * Samples of what is known of each disk of an instance in this cycle.
 *
 * @param isActive Whether a disk is worth its series; one that was once stays so while its domain
 * runs. All are unless it is given.
 * @returns a function that gives undefined where libvirt knew nothing of any disk: what is cached
 * stays until it expires.
 */
export function diskValues(
  values: readonly DiskValue[],
  isActive: (disk: DiskStats) => boolean = () => true,
): CollectInstance {
  const exported = new WeakMap<object, Set<string>>();
  const isKnown = (disk: DiskStats) => values.some(({ read }) => read(disk) !== undefined);
  return (instance) => {
    const { disks } = instance.stats;
    // Of a guest that does not answer libvirt knows the names alone: what was last known stays.
    if (!disks || (disks.length > 0 && !disks.some(isKnown))) return undefined;
    const labels = diskLabels(instance);
    const before = exported.get(instance.run);
    // Of the disks that there are: another one by the name of one that is gone begins anew.
    const devices = new Set<string>();
    exported.set(instance.run, devices);
    const samples: Sample[] = [];
    for (const disk of disks) {
      const text = labels.get(disk.name);
      if (text === undefined) continue;
      if (!before?.has(disk.name) && !isActive(disk)) continue;
      devices.add(disk.name);
      for (const { family, read } of values) {
        const value = read(disk);
        if (value !== undefined) samples.push(sample(family, text, value));
      }
    }
    return samples;
  };
}
