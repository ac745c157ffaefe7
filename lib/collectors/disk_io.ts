import type { DiskStats } from "../../ffi/domain_stats.ts";
import { DISK } from "../metrics/instance_families.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import { type DiskLabels, diskLabels } from "./disk_labels.ts";
import { gibibytes } from "./gibibytes.ts";

/** I/O counters of each disk that ever did any since its domain started. */
export const DISK_IO: Collector = {
  name: "disk_io",
  families: [DISK.readGbytes, DISK.writeGbytes, DISK.readRequests, DISK.writeRequests],
  start() {
    const exported = new WeakMap<object, Set<string>>();
    return (instance) => {
      const { disks } = instance.stats;
      // Of a guest that does not answer libvirt knows the names alone: what was last known stays.
      if (!disks || (disks.length > 0 && !disks.some(isCounted))) return undefined;
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
        pushCounters(samples, text, disk);
      }
      return samples;
    };
  },
};

function isCounted({ readBytes, readRequests, writeBytes, writeRequests }: DiskStats): boolean {
  return [readBytes, readRequests, writeBytes, writeRequests].some((counter) =>
    counter !== undefined
  );
}

function isActive({ readBytes, readRequests, writeBytes, writeRequests }: DiskStats): boolean {
  return [readBytes, readRequests, writeBytes, writeRequests].some((counter) => counter);
}

function pushCounters(samples: Sample[], labels: DiskLabels, disk: DiskStats): void {
  const { readBytes, readRequests, writeBytes, writeRequests } = disk;
  if (readBytes !== undefined) samples.push(sample(DISK.readGbytes, labels, gibibytes(readBytes)));
  if (writeBytes !== undefined) {
    samples.push(sample(DISK.writeGbytes, labels, gibibytes(writeBytes)));
  }
  if (readRequests !== undefined) samples.push(sample(DISK.readRequests, labels, readRequests));
  if (writeRequests !== undefined) samples.push(sample(DISK.writeRequests, labels, writeRequests));
}
