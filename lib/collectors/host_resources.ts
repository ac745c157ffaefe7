import {
  CONNTRACK_DROPS,
  HOST_RESOURCE,
  LIBVIRT_INFO,
  NUMA_MEMORY,
} from "../metrics/host_resource_families.ts";
import { labelText, NO_LABELS } from "../metrics/labels.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { InstanceReading } from "./cycle.ts";
import type { HostCollector } from "./host_collector.ts";
import { currentMemoryKib, currentVcpus } from "./instance.ts";

type PlainFamily = typeof HOST_RESOURCE.cpus;

/** What runs the instances, by version. */
const VERSIONS: HostCollector = {
  name: "libvirt_info",
  families: [LIBVIRT_INFO],
  collect({ domains, host }) {
    if (!domains.ok || domains.versions === undefined) return [];
    const { libvirt = "", hypervisor: qemu = "" } = domains.versions;
    const labels = labelText(LIBVIRT_INFO.labels, { libvirt, qemu, kernel: host?.kernel ?? "" });
    return [sample(LIBVIRT_INFO, labels, 1)];
  },
};

/** CPU and memory of the host, and how far the instances could outgrow them. */
const RESOURCES: HostCollector = {
  name: "host",
  families: Object.values(HOST_RESOURCE),
  collect({ domains, host: { cpu, memory } = {} }) {
    const instances = domains.ok ? domains.instances : undefined;
    return [
      ...[...cpu?.secondsByMode ?? []].map(([mode, seconds]) =>
        sample(
          HOST_RESOURCE.cpuSeconds,
          labelText(HOST_RESOURCE.cpuSeconds.labels, { mode }),
          seconds,
        )
      ),
      ...plain(HOST_RESOURCE.cpus, cpu?.cpus),
      ...plain(HOST_RESOURCE.memoryTotal, memory?.totalBytes),
      ...plain(HOST_RESOURCE.memoryAvailable, memory?.availableBytes),
      ...plain(HOST_RESOURCE.vcpuOvercommit, ratio(instances, currentVcpus, cpu?.cpus)),
      ...plain(
        HOST_RESOURCE.memoryOvercommit,
        ratio(instances, maximumMemoryBytes, memory?.totalBytes),
      ),
    ];
  },
};

/** What conntrack refused. */
const DROPS: HostCollector = {
  name: "host_conntrack",
  families: Object.values(CONNTRACK_DROPS),
  collect({ host: { conntrackDrops: drops } = {} }) {
    return [
      ...plain(CONNTRACK_DROPS.drop, drops?.drop),
      ...plain(CONNTRACK_DROPS.earlyDrop, drops?.earlyDrop),
      ...plain(CONNTRACK_DROPS.insertFailed, drops?.insertFailed),
    ];
  },
};

/** Memory of each NUMA node. */
const NUMA: HostCollector = {
  name: "host_numa",
  families: Object.values(NUMA_MEMORY),
  collect({ host }) {
    return (host?.numaNodes ?? []).flatMap(({ node, totalBytes, freeBytes }) => {
      const labels = labelText(NUMA_MEMORY.total.labels, { node });
      return [
        sample(NUMA_MEMORY.total, labels, totalBytes),
        sample(NUMA_MEMORY.free, labels, freeBytes),
      ];
    });
  },
};

/** Every collector of the host's resources, in the order of the page. */
export const HOST_RESOURCES: readonly HostCollector[] = [VERSIONS, RESOURCES, DROPS, NUMA];

function plain(family: PlainFamily, value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [sample(family, NO_LABELS, value)];
}

/** The sum over the instances for each unit of the host; one that is not known counts nothing. */
function ratio(
  instances: readonly InstanceReading[] | undefined,
  read: (instance: InstanceReading) => number | undefined,
  present: number | undefined,
): number | undefined {
  if (instances === undefined || !present) return undefined;
  return instances.reduce((sum, instance) => sum + (read(instance) ?? 0), 0) / present;
}

function maximumMemoryBytes(instance: InstanceReading): number | undefined {
  const { memoryMaximumKib } = instance.stats;
  const kib = memoryMaximumKib === undefined
    ? currentMemoryKib(instance)
    : Number(memoryMaximumKib);
  return kib === undefined ? undefined : kib * 1024;
}
