import { type Family, family, type MetricType } from "./family.ts";
import { CPU_PERCENT, DISK, NETWORK } from "./instance_families.ts";

const BULK = "while libvirt gives it";
const BY_GUEST = "while the guest's balloon driver says it and libvirt asks for it";
const DISK_ACTIVE =
  "once the disk did any I/O since its domain started, while libvirt gives it (QEMU does)";
const JOB = "with `-collector.job`, while a job such as a migration runs on the domain";

/** The labels of a family that has one series for each instance. */
export type InstanceLabelNames = typeof CPU_PERCENT.labels;

function instance(
  name: string,
  type: MetricType,
  exported: string,
  help: string,
): Family<InstanceLabelNames> {
  return family({ name, type, help, labels: CPU_PERCENT.labels, exported, since: sinceOf(type) });
}

function disk(name: string, type: MetricType, exported: string, help: string) {
  return family({ name, type, help, labels: DISK.info.labels, exported, since: sinceOf(type) });
}

function sinceOf(type: MetricType): Family["since"] {
  return type === "counter" ? "domain" : undefined;
}

/** What libvirt says the domain is doing. */
export const STATE = {
  code: instance(
    "oie_instance_state",
    "gauge",
    BULK,
    "State of the domain as libvirt's number (virDomainState): 1 running, 3 paused, 4 shutting down, 7 suspended by the guest.",
  ),
  info: family({
    name: "oie_instance_state_info",
    type: "gauge",
    help:
      "State of the domain and its reason by the names of libvirt's header; the value is always 1.",
    labels: [...CPU_PERCENT.labels, "state", "reason"],
    exported: BULK,
  }),
} as const;

/** CPU of the whole domain. */
export const CPU_TIME = {
  total: instance(
    "oie_cpu_seconds_total",
    "counter",
    BULK,
    "CPU time of the domain since it started, in seconds: its vCPUs and QEMU's own work for it.",
  ),
  user: instance(
    "oie_cpu_user_seconds_total",
    "counter",
    `${BULK} (QEMU with a CPU control group)`,
    "CPU time of the domain in user mode of the host, in seconds; what the guest runs counts as user or system by how the host's kernel accounts it.",
  ),
  system: instance(
    "oie_cpu_system_seconds_total",
    "counter",
    `${BULK} (QEMU with a CPU control group)`,
    "CPU time of the domain in the host's kernel, in seconds.",
  ),
  vcpus: instance(
    "oie_cpu_vcpus",
    "gauge",
    "while libvirt or Nova's metadata gives it",
    "Number of vCPUs that are plugged into the domain.",
  ),
} as const;

/** How long the host's scheduler let vCPUs wait. */
export const CPU_DELAY = {
  steal: instance(
    "oie_cpu_steal_seconds_total",
    "counter",
    "while QEMU's threads are visible in `/proc` and the kernel counts it (`schedstat`)",
    "Time that vCPUs could have run and waited for a CPU of the host, summed over them, in seconds: what the guest sees as steal time.",
  ),
  wait: instance(
    "oie_cpu_wait_seconds_total",
    "counter",
    "while QEMU's threads are visible in `/proc` and `kernel.sched_schedstats` is 1",
    "Time that vCPUs waited in the run queue by the scheduler's own statistics (wait_sum), summed over them, in seconds; libvirt calls it vcpu.wait.",
  ),
} as const;

/** Memory of the instance. */
export const MEMORY = {
  maximum: instance(
    "oie_memory_maximum_bytes",
    "gauge",
    BULK,
    "Most memory the balloon may give the guest, in bytes.",
  ),
  current: instance(
    "oie_memory_current_bytes",
    "gauge",
    BULK,
    "Memory the balloon leaves the guest now, in bytes.",
  ),
  rss: instance(
    "oie_memory_rss_bytes",
    "gauge",
    BULK,
    "Memory of the host that the guest's QEMU process holds, in bytes.",
  ),
  available: instance(
    "oie_memory_available_bytes",
    "gauge",
    BY_GUEST,
    "Memory the guest's kernel manages (its MemTotal), in bytes.",
  ),
  usable: instance(
    "oie_memory_usable_bytes",
    "gauge",
    BY_GUEST,
    "Memory the guest could use without swapping (its MemAvailable), in bytes.",
  ),
  unused: instance(
    "oie_memory_unused_bytes",
    "gauge",
    BY_GUEST,
    "Memory the guest uses for nothing (its MemFree), in bytes.",
  ),
  diskCaches: instance(
    "oie_memory_disk_caches_bytes",
    "gauge",
    BY_GUEST,
    "Memory of the guest that it could reclaim from caches of disks, in bytes.",
  ),
  swapIn: instance(
    "oie_memory_swap_in_bytes_total",
    "counter",
    BY_GUEST,
    "Memory the guest swapped in, in bytes.",
  ),
  swapOut: instance(
    "oie_memory_swap_out_bytes_total",
    "counter",
    BY_GUEST,
    "Memory the guest swapped out, in bytes.",
  ),
  majorFaults: instance(
    "oie_memory_major_faults_total",
    "counter",
    BY_GUEST,
    "Page faults of the guest that needed its disk.",
  ),
  minorFaults: instance(
    "oie_memory_minor_faults_total",
    "counter",
    BY_GUEST,
    "Page faults of the guest that did not need its disk.",
  ),
  updated: instance(
    "oie_memory_balloon_last_update_timestamp_seconds",
    "gauge",
    "once the guest's balloon driver said anything",
    "When the guest last said what its memory does, in seconds since the epoch.",
  ),
} as const;

/** Time and flushes of one disk; labels are those of its other families. */
export const DISK_TIME = {
  read: disk(
    "oie_disk_read_seconds_total",
    "counter",
    DISK_ACTIVE,
    "Time of all read requests to the disk since the domain started, summed, in seconds.",
  ),
  write: disk(
    "oie_disk_write_seconds_total",
    "counter",
    DISK_ACTIVE,
    "Time of all write requests to the disk since the domain started, summed, in seconds.",
  ),
  flush: disk(
    "oie_disk_flush_seconds_total",
    "counter",
    DISK_ACTIVE,
    "Time of all flush requests to the disk since the domain started, summed, in seconds.",
  ),
  flushRequests: disk(
    "oie_disk_flush_requests_total",
    "counter",
    DISK_ACTIVE,
    "Flush requests to the disk since the domain started.",
  ),
} as const;

/** Sizes of one disk. */
export const DISK_SIZE = {
  capacity: disk(
    "oie_disk_capacity_bytes",
    "gauge",
    BULK,
    "Size of the disk as the guest sees it, in bytes.",
  ),
  allocation: disk(
    "oie_disk_allocation_bytes",
    "gauge",
    BULK,
    "What the disk takes up where it is stored, in bytes; the highest written offset on a block device.",
  ),
  physical: disk(
    "oie_disk_physical_bytes",
    "gauge",
    BULK,
    "Size of the file or device behind the disk, in bytes.",
  ),
} as const;

/** What a vNIC is; `port_uuid` is Neutron's port. */
export const NETWORK_INFO = family({
  name: "oie_net_info",
  type: "gauge",
  help: "Address, bridge, model, Neutron port and MTU of a vNIC; the value is always 1.",
  labels: [...NETWORK.rxGbytes.labels, "mac", "bridge", "model", "port_uuid", "mtu"],
  exported: "always, one for each vNIC; what the XML does not say is an empty label",
});

/** Progress of a job; the size that is left and the rates change while it runs. */
export const JOB_FAMILIES = {
  info: family({
    name: "oie_instance_job_info",
    type: "gauge",
    help: "Job that runs on the domain, by libvirt's name of the operation; the value is always 1.",
    labels: [...CPU_PERCENT.labels, "operation"],
    exported: JOB,
  }),
  elapsed: instance(
    "oie_instance_job_elapsed_seconds",
    "gauge",
    JOB,
    "How long the job has run, in seconds.",
  ),
  downtime: instance(
    "oie_instance_job_downtime_seconds",
    "gauge",
    `${JOB}, if it says it`,
    "How long the guest is expected to stand still when the job ends, in seconds.",
  ),
  total: instance(
    "oie_instance_job_size_bytes",
    "gauge",
    `${JOB}, if it says it`,
    "All data of the job, in bytes.",
  ),
  processed: instance(
    "oie_instance_job_processed_bytes",
    "gauge",
    `${JOB}, if it says it`,
    "Data of the job that was moved, in bytes.",
  ),
  remaining: instance(
    "oie_instance_job_remaining_bytes",
    "gauge",
    `${JOB}, if it says it`,
    "Data of the job that is left to move, in bytes; it may grow while the guest writes.",
  ),
  rate: instance(
    "oie_instance_job_memory_bytes_per_second",
    "gauge",
    `${JOB}, if it says it`,
    "How fast the job moves memory, in bytes a second.",
  ),
  dirtyRate: instance(
    "oie_instance_job_dirty_bytes_per_second",
    "gauge",
    `${JOB}, if it says it`,
    "How fast the guest writes to memory that has to be moved again, in bytes a second.",
  ),
  iterations: instance(
    "oie_instance_job_memory_iterations",
    "gauge",
    `${JOB}, if it says it`,
    "Which pass over the guest's memory the job is in.",
  ),
} as const;
