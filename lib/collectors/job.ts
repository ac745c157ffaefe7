import type { JobStats } from "../../ffi/job_stats.ts";
import type { Family } from "../metrics/family.ts";
import { labelText } from "../metrics/labels.ts";
import type { InstanceLabelNames } from "../metrics/instance_family.ts";
import { JOB_FAMILIES } from "../metrics/job_families.ts";
import { sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import { instanceLabels } from "./instance_labels.ts";
import { ownerLabels } from "./owner_labels.ts";

/**
 * `virDomainJobOperation` by number, under the names of libvirt-domain.h. A test compares the numbers
 * with the installed header.
 */
export const JOB_OPERATIONS: readonly string[] = [
  "unknown",
  "start",
  "save",
  "restore",
  "migration_in",
  "migration_out",
  "snapshot",
  "snapshot_revert",
  "dump",
  "backup",
  "snapshot_delete",
];

interface JobValue {
  readonly family: Family<InstanceLabelNames>;
  readonly read: (job: JobStats) => number | undefined;
}

const VALUES: readonly JobValue[] = [
  { family: JOB_FAMILIES.elapsed, read: ({ elapsedMs }) => seconds(elapsedMs) },
  { family: JOB_FAMILIES.downtime, read: ({ downtimeMs }) => seconds(downtimeMs) },
  { family: JOB_FAMILIES.total, read: ({ totalBytes }) => totalBytes },
  { family: JOB_FAMILIES.processed, read: ({ processedBytes }) => processedBytes },
  { family: JOB_FAMILIES.remaining, read: ({ remainingBytes }) => remainingBytes },
  { family: JOB_FAMILIES.rate, read: ({ memoryBytesPerSecond }) => memoryBytesPerSecond },
  {
    family: JOB_FAMILIES.dirtyRate,
    read: ({ dirtyPagesPerSecond: pages, pageBytes: size }) =>
      pages === undefined || size === undefined ? undefined : pages * size,
  },
  { family: JOB_FAMILIES.iterations, read: ({ iterations }) => iterations },
];

/** Progress of the job that runs on an instance, such as its migration; nothing where there is none. */
export const INSTANCE_JOB: Collector = {
  name: "job",
  families: Object.values(JOB_FAMILIES),
  start: () => (instance) => {
    const { job } = instance;
    if (job === undefined) return [];
    const { operation = 0 } = job;
    const info = labelText(JOB_FAMILIES.info.labels, {
      ...ownerLabels(instance),
      operation: JOB_OPERATIONS[operation] ?? String(operation),
    });
    const labels = instanceLabels(instance);
    return [
      sample(JOB_FAMILIES.info, info, 1),
      ...VALUES.flatMap(({ family, read }) => {
        const value = read(job);
        return value === undefined ? [] : [sample(family, labels, value)];
      }),
    ];
  },
};

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
