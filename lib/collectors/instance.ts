import { INSTANCE_INFO } from "../metrics/instance_families.ts";
import { labelText } from "../metrics/labels.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import type { InstanceReading } from "./cycle.ts";
import { ownerLabels } from "./owner_labels.ts";

/** Static information: one series for each active domain. */
export const INSTANCE: Collector = {
  name: "instance",
  families: [INSTANCE_INFO],
  start() {
    interface Known {
      readonly vcpus: string;
      readonly mem_mb: string;
      readonly samples: readonly Sample[];
    }
    const known = new WeakMap<object, Known>();
    return (instance) => {
      const vcpus = String(currentVcpus(instance) ?? "");
      const mem_mb = mebibytes(currentMemoryKib(instance));
      const last = known.get(instance.description);
      if (last?.vcpus === vcpus && last.mem_mb === mem_mb) return last.samples;
      const samples = [info(instance, vcpus, mem_mb)];
      known.set(instance.description, { vcpus, mem_mb, samples });
      return samples;
    };
  },
};

/** vCPUs that are plugged in now, where libvirt or Nova says it. */
export function currentVcpus({ stats, description }: InstanceReading): number | undefined {
  return stats.vcpus ?? description.vcpus;
}

/** Memory of the guest now, in KiB, where libvirt or Nova says it. */
export function currentMemoryKib({ stats, description }: InstanceReading): number | undefined {
  return stats.memoryCurrentKib === undefined
    ? description.memoryKib
    : Number(stats.memoryCurrentKib);
}

function info(instance: InstanceReading, vcpus: string, mem_mb: string): Sample {
  const { description } = instance;
  const labels = labelText(INSTANCE_INFO.labels, {
    ...ownerLabels(instance),
    project_name: description.projectName,
    user_name: description.userName,
    flavor: description.flavor,
    vcpus,
    mem_mb,
    root_type: description.rootType,
    created_at: description.createdAt,
    metadata_version: description.metadataVersion,
  });
  return sample(INSTANCE_INFO, labels, 1);
}

function mebibytes(kib: number | undefined): string {
  return kib === undefined ? "" : String(Math.round(kib / 1024));
}
