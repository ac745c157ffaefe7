import { type Dashboard, type Panel, series, table } from "./dashboard.ts";
import { INSTANCE_COLUMNS, instanceTable } from "./instance_table.ts";
import { instanceLinks } from "./links.ts";
import { hypervisorVariable, instanceVariable, projectVariable } from "./variables.ts";

const I = 'hypervisor=~"$hypervisor",project_uuid=~"$project",instance_uuid=~"$instance"';
const LINKED = { links: instanceLinks("series") };

function rate(counter: string): string {
  return `rate(${counter}{${I}}[$__rate_interval])`;
}

/** What comes in above the axis and what goes out below it. */
function both(title: string, unit: string, label: string, [into, out]: [string, string]): Panel {
  return series(title, unit, [
    { expr: into, legend: `${label} in` },
    { expr: `-(${out})`, legend: `${label} out` },
  ], LINKED);
}

function outbound(title: string, queries: readonly (readonly [string, string])[]): Panel {
  return series(
    title,
    "short",
    queries.map(([metric, what]) => ({ expr: `${metric}{${I}}`, legend: `{{ip}} ${what}` })),
    LINKED,
  );
}

export const INSTANCE: Dashboard = {
  uid: "oie-instance",
  title: "OpenStack instances / Instance",
  description: "One instance: CPU, each disk, each vNIC, each fixed IP.",
  variables: [hypervisorVariable(true), projectVariable(true), instanceVariable(false)],
  rows: [
    { title: "Instance", panels: [instanceTable("Instance", I, INSTANCE_COLUMNS)] },
    {
      title: "CPU and disks",
      panels: [
        series("CPU, of all vCPUs", "percent", [
          { expr: `oie_cpu_percent{${I}}`, legend: "{{domain}}" },
        ], { ...LINKED, description: "Missing while it is below -cpu.min." }),
        series("Disk throughput", "binBps", [
          { expr: `${rate("oie_disk_r_gbytes")} * 2^30`, legend: "{{disk_path}} read" },
          { expr: `-(${rate("oie_disk_w_gbytes")} * 2^30)`, legend: "{{disk_path}} write" },
        ], LINKED),
        series("Disk requests: read", "reqps", [
          { expr: rate("oie_disk_r_requests"), legend: "{{disk_path}}" },
          { expr: `oie_disk_r_alert_threshold{${I}}`, legend: "{{disk_path}} threshold" },
        ], LINKED),
        series("Disk requests: write", "reqps", [
          { expr: rate("oie_disk_w_requests"), legend: "{{disk_path}}" },
          { expr: `oie_disk_w_alert_threshold{${I}}`, legend: "{{disk_path}} threshold" },
        ], LINKED),
        table("Disks", { disk_path: "Disk", disk_type: "Tier", disk_uuid: "UUID" }, [
          {
            expr: `group by (disk_path, disk_type, disk_uuid) (oie_disk_info{${I}})`,
            legend: "",
          },
        ]),
      ],
    },
    {
      title: "Network",
      panels: [
        both("Throughput", "binBps", "{{interface}}", [
          `${rate("oie_net_rx_gbytes")} * 2^30`,
          `${rate("oie_net_tx_gbytes")} * 2^30`,
        ]),
        both("Packets", "pps", "{{interface}}", [
          rate("oie_net_rx_pkt_total"),
          rate("oie_net_tx_pkt_total"),
        ]),
        both("Errors", "pps", "{{interface}}", [
          rate("oie_net_rx_er_total"),
          rate("oie_net_tx_er_total"),
        ]),
        both("Drops", "pps", "{{interface}}", [
          rate("oie_net_rx_drp_total"),
          rate("oie_net_tx_drp_total"),
        ]),
      ],
    },
    {
      title: "Flows",
      panels: [
        outbound("Flows", [
          ["oie_conntrack_ip_flows_total", "all"],
          ["oie_outbound_flows", "outbound"],
        ]),
        outbound("Remotes", [
          ["oie_outbound_unique_remotes", "all"],
          ["oie_outbound_new_remotes", "new"],
        ]),
        outbound("Destination ports", [
          ["oie_outbound_unique_dst_ports", "all"],
          ["oie_outbound_new_dst_ports", "new"],
        ]),
        outbound("Most flows to one", [
          ["oie_outbound_max_flows_single_remote", "remote"],
          ["oie_outbound_max_flows_single_dst_port", "port"],
        ]),
        series("Contacts with threat lists, within 15 minutes", "short", [
          {
            expr: `instance_list:oie_contact:increase15m{${I}}`,
            legend: "{{list}} {{direction}}",
          },
        ], { width: 24, mayBeEmpty: "an instance has no contacts as a rule" }),
      ],
    },
  ],
};
