import { exporterCounter as counter, hostFamily as host } from "./host_family.ts";

const ALWAYS = "always";
const ONCE_LISTED = "once domains were listed; keeps its last value while libvirt is down";
const ONCE_COLLECTED = "once a cycle ran";
const CONNTRACK_READ = "while a dump read to its end is no older than the data's lifetime";
const OVS_FOUND = "with `-ovs.db` at a path, or once `auto` found the usual socket";
const KERNEL_READ = "while the kernel shows it (`/proc/sys/net/netfilter`)";

/** Health of the collection, without labels. */
export const HEALTH = {
  libvirtUp: host(
    "oie_libvirt_up",
    "gauge",
    ALWAYS,
    "1 if the newest cycle could list domains, else 0.",
  ),
  conntrackUp: host(
    "oie_conntrack_up",
    "gauge",
    ALWAYS,
    "1 if the newest conntrack dump was read to its end, else 0.",
  ),
  ovsUp: host(
    "oie_ovs_up",
    "gauge",
    OVS_FOUND,
    "1 if Open vSwitch's database was followed in the newest cycle, else 0.",
  ),
  ovsPortZones: host(
    "oie_ovs_port_zones",
    "gauge",
    "while Open vSwitch's database is followed",
    "Logical ports, those of routers included, that have a conntrack zone of their own.",
  ),
  activeVms: host("oie_host_active_vms", "gauge", ONCE_LISTED, "Active domains on the host."),
  activeVcpus: host(
    "oie_host_active_vcpus",
    "gauge",
    ONCE_LISTED,
    "Current vCPUs of all active domains.",
  ),
  activeMemGbytes: host(
    "oie_host_active_mem_gbytes",
    "gauge",
    ONCE_LISTED,
    "Current memory of all active domains, in GiB (2^30 bytes).",
    {
      name: "oie_host_active_memory_bytes",
      help: "Current memory of all active domains, in bytes.",
      conversion: "gbytes",
    },
  ),
  collectionErrors: counter(
    "oie_host_collection_errors_total",
    "Listings of domains that failed, and domains and collectors that failed within a cycle.",
  ),
  collectionDuration: host(
    "oie_host_collection_duration_seconds",
    "gauge",
    ONCE_COLLECTED,
    "Time from the start of the newest cycle to its rendered page, in seconds.",
  ),
  collectionLag: host(
    "oie_host_collection_lag_seconds",
    "gauge",
    ONCE_COLLECTED,
    "How late the newest cycle began against its schedule, in seconds.",
  ),
  lastCollection: host(
    "oie_host_last_collection_timestamp_seconds",
    "gauge",
    "once a cycle was complete",
    "When the newest complete cycle ended, in seconds since the epoch.",
  ),
  collectionSkipped: counter(
    "oie_host_collection_skipped_total",
    "Cycles that were due while the one before still ran.",
  ),
  domainErrors: counter(
    "oie_host_domain_errors_total",
    "Domains whose XML or statistics could not be used, summed over the cycles.",
  ),
  libvirtListDuration: host(
    "oie_host_libvirt_list_duration_seconds",
    "gauge",
    "once libvirt was asked",
    "Time of the newest listing with statistics of all domains, in seconds.",
  ),
  conntrackReadDuration: host(
    "oie_host_conntrack_read_duration_seconds",
    "gauge",
    "once a dump was asked for",
    "Time of the newest conntrack dump with its aggregation, in seconds.",
  ),
  conntrackEntries: host(
    "oie_host_conntrack_entries_total",
    "gauge",
    CONNTRACK_READ,
    "Entries in the newest conntrack dump.",
    { name: "oie_host_conntrack_entries" },
  ),
  conntrackMax: host(
    "oie_host_conntrack_max",
    "gauge",
    KERNEL_READ,
    "Most conntrack entries the kernel allows (nf_conntrack_max).",
  ),
  conntrackKernelEntries: host(
    "oie_host_conntrack_kernel_entries",
    "gauge",
    KERNEL_READ,
    "Conntrack entries by the kernel's own count (nf_conntrack_count).",
  ),
  conntrackAccounting: host(
    "oie_host_conntrack_accounting",
    "gauge",
    KERNEL_READ,
    "1 if new conntrack entries count packets and bytes (nf_conntrack_acct), else 0.",
  ),
  conntrackErrors: counter(
    "oie_conntrack_read_errors_total",
    "Conntrack dumps that failed; the same number as oie_host_conntrack_read_errors_total.",
  ),
  hostConntrackErrors: counter(
    "oie_host_conntrack_read_errors_total",
    "Conntrack dumps that failed.",
  ),
  conntrackInterrupted: counter(
    "oie_host_conntrack_dump_interrupted_total",
    "Conntrack dumps that the kernel marked as interrupted by a change of the table.",
  ),
  conntrackEnobufs: counter(
    "oie_host_conntrack_enobufs_total",
    "Conntrack dumps that overran the socket's buffer.",
  ),
  ambiguousFixedIps: host(
    "oie_host_ambiguous_fixed_ips",
    "gauge",
    CONNTRACK_READ,
    "Fixed IPs that more than one instance on the host owns, and one of them by the address alone, as no zone tells: flows may count for each.",
  ),
  dynamicCacheSeries: host(
    "oie_host_dynamic_cache_series_total",
    "gauge",
    ALWAYS,
    "Series of all instances in the dynamic cache.",
    { name: "oie_dynamic_cache_series" },
  ),
  heapUsed: host(
    "oie_host_go_heap_alloc_bytes",
    "gauge",
    ALWAYS,
    "V8 heap in use by the collecting thread, in bytes; the name is kept for compatibility.",
    {
      name: "oie_host_heap_used_bytes",
      help: "V8 heap in use by the collecting thread, in bytes.",
    },
  ),
  staticCacheEntries: host(
    "oie_static_cache_entries",
    "gauge",
    ALWAYS,
    "Families in the static cache.",
  ),
  dynamicCacheEntries: host(
    "oie_dynamic_cache_entries",
    "gauge",
    ALWAYS,
    "Instances in the dynamic cache.",
  ),
  cleanupDuration: host(
    "oie_cache_cleanup_duration_seconds",
    "gauge",
    ALWAYS,
    "Time of the newest clean-up of the caches, in seconds.",
  ),
  evictions: counter(
    "oie_cache_evictions_total",
    "Entries that left a cache because they expired or their domain is gone.",
  ),
} as const;
