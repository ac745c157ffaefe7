import { family } from "./family.ts";
import { CPU_PERCENT } from "./instance_families.ts";
import { instanceFamily as instance } from "./instance_family.ts";

const BULK = "while libvirt gives it";
const BY_GUEST =
  "once the guest's balloon driver said it, which libvirt asks it to do where the domain has a `stats period`";

/** What libvirt says the domain is doing. */
export const STATE = {
  code: instance(
    "oie_instance_state",
    "gauge",
    BULK,
    "State of the domain as libvirt's number (virDomainState): 1 running, 3 paused, 4 shutting down, 6 crashed, 7 suspended by the guest.",
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
    "Number of vCPUs that are plugged into the domain; of one that is plugged while it runs within a minute.",
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

/** A counter of the guest's own kernel: when that started, and it with it, only the guest knows. */
function guestCounter(name: string, help: string) {
  return { ...instance(name, "counter", BY_GUEST, help), since: undefined };
}

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
  swapIn: guestCounter(
    "oie_memory_swap_in_bytes_total",
    "Memory the guest swapped in since its kernel started, in bytes.",
  ),
  swapOut: guestCounter(
    "oie_memory_swap_out_bytes_total",
    "Memory the guest swapped out since its kernel started, in bytes.",
  ),
  majorFaults: guestCounter(
    "oie_memory_major_faults_total",
    "Page faults of the guest since its kernel started that needed its disk.",
  ),
  minorFaults: guestCounter(
    "oie_memory_minor_faults_total",
    "Page faults of the guest since its kernel started that did not need its disk.",
  ),
  updated: instance(
    "oie_memory_balloon_last_update_timestamp_seconds",
    "gauge",
    "once the guest's balloon driver said anything",
    "When the guest last said what its memory does, in seconds since the epoch.",
  ),
} as const;
