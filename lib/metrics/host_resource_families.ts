import { type Family, family } from "./family.ts";
import { hostFamily as host } from "./host_family.ts";

const BY_KERNEL = "while the kernel shows it";
const WITH_LIBVIRT = "while domains can be listed and the kernel shows it";

/** What guests share, as far as a ratio with what they use needs it. */
export const HOST_RESOURCE = {
  cpuSeconds: family({
    name: "oie_host_cpu_seconds_total",
    type: "counter",
    help:
      "Time of all CPUs of the host by mode since it started, in seconds; what guests run is in the mode guest alone, so that the modes add up.",
    labels: ["mode"],
    exported: `${BY_KERNEL} (\`/proc/stat\`): the whole of which instances use a share`,
    since: "boot",
  }),
  cpus: host(
    "oie_host_cpus",
    "gauge",
    `${BY_KERNEL} (\`/proc/stat\`)`,
    "CPUs of the host that are online.",
  ),
  memoryTotal: host(
    "oie_host_memory_total_bytes",
    "gauge",
    `${BY_KERNEL} (\`/proc/meminfo\`)`,
    "Memory of the host, in bytes.",
  ),
  memoryAvailable: host(
    "oie_host_memory_available_bytes",
    "gauge",
    `${BY_KERNEL} (\`/proc/meminfo\`)`,
    "Memory of the host that could be had without swapping, in bytes.",
  ),
  vcpuOvercommit: host(
    "oie_host_vcpu_overcommit_ratio",
    "gauge",
    WITH_LIBVIRT,
    "Number of vCPUs of all active domains for each CPU of the host that is online.",
  ),
  memoryOvercommit: host(
    "oie_host_memory_overcommit_ratio",
    "gauge",
    WITH_LIBVIRT,
    "Most memory that all active domains may take, for each byte of the host's.",
  ),
} as const;

/** What conntrack refused, in the network namespace whose table is dumped. */
export const CONNTRACK_DROPS = {
  drop: host(
    "oie_host_conntrack_drop_total",
    "counter",
    `${BY_KERNEL} (\`/proc/net/stat/nf_conntrack\`)`,
    "Packets that conntrack dropped, as when its table is full; the kernel's counter wraps at 2^32 for each CPU.",
  ),
  earlyDrop: host(
    "oie_host_conntrack_early_drop_total",
    "counter",
    `${BY_KERNEL} (\`/proc/net/stat/nf_conntrack\`)`,
    "Entries that conntrack dropped to make room for new ones in a full table.",
  ),
  insertFailed: host(
    "oie_host_conntrack_insert_failed_total",
    "counter",
    `${BY_KERNEL} (\`/proc/net/stat/nf_conntrack\`)`,
    "Entries that conntrack could not insert, most often because two packets raced.",
  ),
} as const;

/** Memory of each NUMA node, which guests may be bound to. */
export const NUMA_MEMORY = {
  total: family({
    name: "oie_host_numa_memory_total_bytes",
    type: "gauge",
    help: "Memory of a NUMA node, in bytes.",
    labels: ["node"],
    exported: `${BY_KERNEL} (\`/sys/devices/system/node\`)`,
  }),
  free: family({
    name: "oie_host_numa_memory_free_bytes",
    type: "gauge",
    help: "Memory of a NUMA node that nothing uses, in bytes; huge pages count as used.",
    labels: ["node"],
    exported: `${BY_KERNEL} (\`/sys/devices/system/node\`)`,
  }),
} as const;

/** What the instances run on. */
export const LIBVIRT_INFO = family({
  name: "oie_libvirt_info",
  type: "gauge",
  help:
    "Versions of libvirt's daemon, of QEMU as libvirt tells it, and of the kernel; the value is always 1.",
  labels: ["libvirt", "qemu", "kernel"],
  exported: "while domains can be listed; what is not told is an empty label",
});

/** Every family of the host's resources, in the order of the page. */
export const HOST_RESOURCE_FAMILIES: readonly Family[] = [
  LIBVIRT_INFO,
  ...Object.values(HOST_RESOURCE),
  ...Object.values(CONNTRACK_DROPS),
  ...Object.values(NUMA_MEMORY),
];
