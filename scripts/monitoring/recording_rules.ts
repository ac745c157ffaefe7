import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import type { RecordingRule, RuleGroup } from "./rules.ts";

/** A sum that is wanted at every level: of counters by their rate, of gauges as they are. */
interface Summand {
  /** What is recorded, without the level. */
  readonly name: string;
  /** By series; the sum is taken around it. */
  readonly expr: string;
}

const RATES: readonly string[] = [
  "oie_cpu_seconds_total",
  "oie_disk_r_gbytes",
  "oie_disk_w_gbytes",
  "oie_disk_r_requests",
  "oie_disk_w_requests",
  "oie_net_rx_gbytes",
  "oie_net_tx_gbytes",
  "oie_net_rx_pkt_total",
  "oie_net_tx_pkt_total",
  "oie_net_rx_er_total",
  "oie_net_tx_er_total",
  "oie_net_rx_drp_total",
  "oie_net_tx_drp_total",
];

const GAUGES: readonly string[] = [
  "oie_memory_current_bytes",
  "oie_conntrack_ip_flows_total",
  "oie_outbound_flows",
];

/** Gauges of the host that add up over the cloud. */
const HOST_GAUGES: readonly string[] = [
  "oie_host_active_vms",
  "oie_host_active_vcpus",
  "oie_host_active_mem_gbytes",
  "oie_host_conntrack_kernel_entries",
];

const SUMMANDS: readonly Summand[] = [
  ...RATES.map((metric) => ({
    name: `${metric.replace(/_total$/, "")}:rate5m`,
    expr: `rate(${metric}[5m])`,
  })),
  ...GAUGES.map((metric) => ({ name: `${metric}:sum`, expr: metric })),
];

/** What the owner's series are summed by first; the other levels are sums of these few. */
const BASE = "hypervisor_project";

const OWNER = "hypervisor, domain, instance_uuid, project_uuid, direction";

/**
 * The roll-ups: by hypervisor and project from the series of the instances, then by hypervisor, by
 * project and for the cloud from those.
 */
export const RECORDING_GROUPS: readonly RuleGroup<RecordingRule>[] = [
  {
    name: "oie-rollup",
    rules: [
      ...SUMMANDS.map(({ name, expr }) => ({
        record: `${BASE}:${name}`,
        expr: `sum by (hypervisor, project_uuid) (${expr})`,
      })),
      ...SUMMANDS.map(({ name }) => ({
        record: `hypervisor:${name}`,
        expr: `sum by (hypervisor) (${BASE}:${name})`,
      })),
      ...SUMMANDS.map(({ name }) => ({
        record: `project:${name}`,
        expr: `sum by (project_uuid) (${BASE}:${name})`,
      })),
      ...SUMMANDS.map(({ name }) => ({
        record: `cloud:${name}`,
        expr: `sum(hypervisor:${name})`,
      })),
    ],
  },
  {
    name: "oie-inventory",
    rules: [
      {
        record: "project:oie_instance_info:count",
        expr: "count by (project_uuid) (oie_instance_info)",
      },
      {
        // A project that was renamed has its old name on instances of before: the commoner one counts.
        record: "project:oie_project_name:info",
        expr: "group by (project_uuid, project_name) (topk by (project_uuid)" +
          " (1, count by (project_uuid, project_name) (oie_instance_info)))",
      },
      { record: "cloud:oie_projects:count", expr: "count(project:oie_instance_info:count)" },
      ...HOST_GAUGES.map((metric) => ({ record: `cloud:${metric}:sum`, expr: `sum(${metric})` })),
      {
        record: "hypervisor:oie_cpu_percent:max",
        expr: "max by (hypervisor) (oie_cpu_percent)",
      },
      {
        record: "hypervisor:oie_conntrack_used:ratio",
        expr: "max by (hypervisor) (oie_host_conntrack_kernel_entries / oie_host_conntrack_max)",
      },
    ],
  },
  {
    name: "oie-threats",
    rules: [
      ...THREAT_LISTS.flatMap(({ name: list }) => [
        {
          record: "instance_list:oie_contact_active:sum",
          expr: `sum by (${OWNER}) (oie_${list}_contact_active)`,
          labels: { list },
        },
        {
          // A counter is born with its first contacts, which increase() does not see.
          record: "instance_list:oie_contact:increase15m",
          expr: `sum by (${OWNER}) (increase(oie_${list}_contact[15m]) > 0` +
            ` or (oie_${list}_contact unless oie_${list}_contact offset 15m))`,
          labels: { list },
        },
        {
          record: "hypervisor_list:oie_refresh_age:seconds",
          expr: `time() - max by (hypervisor) (oie_${list}_refresh_last_success_timestamp_seconds)`,
          labels: { list },
        },
      ]),
      {
        record: "cloud_list:oie_instances_in_contact:count",
        expr: "count by (list) (instance_list:oie_contact:increase15m)",
      },
    ],
  },
];
