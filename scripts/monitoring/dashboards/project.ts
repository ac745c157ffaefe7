import { type Dashboard, type Panel, series, stat } from "./dashboard.ts";
import { INSTANCE_COLUMNS, instanceTable } from "./instance_table.ts";
import { instanceLinks } from "./links.ts";
import { hypervisorVariable, projectVariable } from "./variables.ts";
import { stealPanel, stealShare } from "./waits.ts";

const P = 'hypervisor=~"$hypervisor",project_uuid=~"$project"';
const LINKED = { links: instanceLinks("series") };

const BY_INSTANCE = "sum by (hypervisor, domain, instance_uuid)";

/** A counter's rate by instance. */
function rate(counter: string, factor = ""): string {
  return `${BY_INSTANCE} (rate(${counter}{${P}}[$__rate_interval]))${factor}`;
}

function sum(gauge: string): string {
  return `${BY_INSTANCE} (${gauge}{${P}})`;
}

function byInstance(title: string, unit: string, expr: string): Panel {
  return series(title, unit, [{ expr, legend: "{{domain}}" }], { ...LINKED, isStacked: true });
}

export const PROJECT: Dashboard = {
  uid: "oie-project",
  title: "OpenStack instances / Project",
  description: "One project: its instances on all hosts.",
  variables: [hypervisorVariable(true), projectVariable(false)],
  rows: [
    {
      title: "Project",
      panels: [
        stat("Instances", `count(oie_instance_info{${P}})`),
        stat("Hypervisors", `count(count by (hypervisor) (oie_instance_info{${P}}))`),
        stat("vCPUs", `sum(oie_cpu_vcpus{${P}})`),
        stat("Memory", `sum(oie_memory_current_bytes{${P}})`, { unit: "bytes" }),
        stat("Disks", `count(oie_disk_info{${P}})`),
        stat("Conntrack flows", `sum(oie_conntrack_ip_flows_total{${P}})`),
      ],
    },
    {
      title: "Use by instance",
      panels: [
        series("CPU, of all vCPUs of the instance", "percent", [
          { expr: `oie_cpu_percent{${P}}`, legend: "{{domain}}" },
        ], LINKED),
        byInstance("CPUs in use", "short", rate("oie_cpu_seconds_total")),
        byInstance("Memory", "bytes", sum("oie_memory_current_bytes")),
        series("Memory usable without swapping, of the guest's", "percentunit", [
          {
            expr: `oie_memory_usable_bytes{${P}} / oie_memory_available_bytes{${P}}`,
            legend: "{{domain}}",
          },
        ], { ...LINKED, description: "As guests with a balloon driver say." }),
        stealPanel(stealShare(P), "{{domain}}", LINKED),
        byInstance(
          "Conntrack flows",
          "short",
          sum("oie_conntrack_ip_flows_total"),
        ),
        byInstance("Read from disks", "binBps", rate("oie_disk_r_gbytes", " * 2^30")),
        byInstance("Written to disks", "binBps", rate("oie_disk_w_gbytes", " * 2^30")),
        byInstance("Read requests", "reqps", rate("oie_disk_r_requests")),
        byInstance("Write requests", "reqps", rate("oie_disk_w_requests")),
        byInstance("Received", "binBps", rate("oie_net_rx_gbytes", " * 2^30")),
        byInstance("Sent", "binBps", rate("oie_net_tx_gbytes", " * 2^30")),
      ],
    },
    { title: "Instances", panels: [instanceTable("Instances", P, INSTANCE_COLUMNS)] },
  ],
};
