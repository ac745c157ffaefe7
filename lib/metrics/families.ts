import { THREAT_LISTS } from "../threat/lists.ts";
import type { Family } from "./family.ts";
import { HEALTH } from "./health_families.ts";
import { BUILD_INFO, COLLECTOR, PROCESS } from "./host_families.ts";
import { HOST_RESOURCE_FAMILIES } from "./host_resource_families.ts";
import { CONNTRACK_FLOWS, FLOW_KINDS, FLOW_TRAFFIC, INBOUND, OUTBOUND } from "./flow_families.ts";
import { CPU_PERCENT, DISK, INSTANCE_INFO, NETWORK } from "./instance_families.ts";
import { DISK_SIZE, DISK_TIME, NETWORK_INFO } from "./device_families.ts";
import { JOB_FAMILIES } from "./job_families.ts";
import { CPU_DELAY, CPU_TIME, MEMORY, STATE } from "./resource_families.ts";
import { CONTACT_FAMILIES, HOST_THREAT_LISTED, refreshFamiliesOf } from "./threat_families.ts";

/** Families with series for each instance, in the order of the page. */
export const INSTANCE_FAMILIES: readonly Family[] = [
  INSTANCE_INFO,
  ...Object.values(STATE),
  ...Object.values(JOB_FAMILIES),
  CPU_PERCENT,
  ...Object.values(CPU_TIME),
  ...Object.values(CPU_DELAY),
  ...Object.values(MEMORY),
  ...Object.values(DISK),
  ...Object.values(DISK_TIME),
  ...Object.values(DISK_SIZE),
  ...Object.values(NETWORK),
  NETWORK_INFO,
  CONNTRACK_FLOWS,
  ...Object.values(FLOW_KINDS),
  ...Object.values(FLOW_TRAFFIC),
  ...Object.values(OUTBOUND),
  ...Object.values(INBOUND),
  ...CONTACT_FAMILIES,
];

/** Families of the host and of the exporter itself that are on every page, in its order. */
export const HOST_FAMILIES: readonly Family[] = [
  BUILD_INFO,
  ...Object.values(HEALTH),
  ...Object.values(COLLECTOR),
  ...Object.values(PROCESS),
];

/** Families of the host that threat intelligence adds, after those of {@link HOST_FAMILIES}. */
export const THREAT_HOST_FAMILIES: readonly Family[] = [
  ...refreshFamiliesOf(THREAT_LISTS.map(({ name }) => name)),
  HOST_THREAT_LISTED,
];

/** Every family that the program can export. */
export const FAMILIES: readonly Family[] = [
  ...INSTANCE_FAMILIES,
  ...HOST_FAMILIES,
  ...HOST_RESOURCE_FAMILIES,
  ...THREAT_HOST_FAMILIES,
];

/**
 * Names of the source specification that break Prometheus' naming rules: a gauge that ends in
 * `_total`, a counter that does not. The list is closed; no later name may join it.
 */
export const LINT_EXCEPTIONS: readonly string[] = [
  "oie_disk_r_gbytes",
  "oie_disk_w_gbytes",
  "oie_disk_r_requests",
  "oie_disk_w_requests",
  "oie_net_rx_gbytes",
  "oie_net_tx_gbytes",
  "oie_conntrack_ip_flows_total",
  "oie_host_conntrack_entries_total",
  "oie_host_dynamic_cache_series_total",
  "oie_tor_exit_contact",
  "oie_tor_relay_contact",
  "oie_spamhaus_contact",
  "oie_emergingthreats_contact",
  "oie_customlist_contact",
];
