import { JOB } from "../rules.ts";
import { type Dashboard, type Panel, series, stat, table } from "./dashboard.ts";
import { CONNTRACK_ROW, HOST_ROW, RESOURCE_STATS } from "./hypervisor_host.ts";
import { INSTANCE_COLUMNS, instanceTable } from "./instance_table.ts";
import { instanceLinks } from "./links.ts";
import { hypervisorVariable } from "./variables.ts";
import { stealPanel, stealShare } from "./waits.ts";

const H = 'hypervisor=~"$hypervisor"';
const LINKED = { links: instanceLinks("series") };

/** The ten instances with the largest sum of a counter's rate. */
function top(counter: string, factor = ""): string {
  return `topk(10, sum by (hypervisor, domain, instance_uuid) (rate(${counter}{${H}}[$__rate_interval])))${factor}`;
}

function throughput(title: string, counter: string): Panel {
  return series(title, "binBps", [{ expr: top(counter, " * 2^30"), legend: "{{domain}}" }], LINKED);
}

function requests(title: string, unit: string, counter: string): Panel {
  return series(title, unit, [{ expr: top(counter), legend: "{{domain}}" }], LINKED);
}

const INSTANCE = { hypervisor: "Hypervisor", domain: "Domain", instance_uuid: "Instance" };
const ROW_LINKS = {
  links: instanceLinks("table", { hypervisor: "Hypervisor", instance: "Instance" }),
};

/** A gauge of the job beside the job's name. */
function ofJob(gauge: string): string {
  return `${gauge}{${H}} * on (hypervisor, instance_uuid) group_left (operation)` +
    ` oie_instance_job_info{${H}}`;
}

export const HYPERVISOR: Dashboard = {
  uid: "oie-hypervisor",
  title: "OpenStack instances / Hypervisor",
  description:
    "One host: its instances beside each other, and the CPUs, memory and conntrack table they share.",
  variables: [hypervisorVariable(false)],
  rows: [
    {
      title: "Host",
      panels: [
        stat("Exporter", `max(up{${JOB},${H}})`, {
          unit: "bool_on_off",
          steps: [[0, "red"], [1, "green"]],
        }),
        stat("libvirt", `max(oie_libvirt_up{${H}})`, {
          unit: "bool_on_off",
          steps: [[0, "red"], [1, "green"]],
        }),
        stat("Instances", `max(oie_host_active_vms{${H}})`),
        stat("vCPUs", `max(oie_host_active_vcpus{${H}})`),
        stat("Memory", `max(oie_host_active_mem_gbytes{${H}}) * 2^30`, { unit: "bytes" }),
        stat(
          "Age of data",
          `time() - max(oie_host_last_collection_timestamp_seconds{${H}})`,
          { unit: "s", steps: [[0, "green"], [60, "orange"], [120, "red"]] },
        ),
        ...RESOURCE_STATS,
      ],
    },
    HOST_ROW,
    {
      title: "Instances with the most",
      panels: [
        series("CPU, of all vCPUs of the instance", "percent", [
          { expr: `topk(10, oie_cpu_percent{${H}})`, legend: "{{domain}}" },
        ], LINKED),
        series("Flows by fixed IP", "short", [
          { expr: `topk(10, oie_conntrack_ip_flows_total{${H}})`, legend: "{{domain}} {{ip}}" },
        ], LINKED),
        stealPanel(`topk(10, ${stealShare(H)})`, "{{domain}}", LINKED),
        series("Memory held on the host", "bytes", [
          { expr: `topk(10, oie_memory_rss_bytes{${H}})`, legend: "{{domain}}" },
        ], LINKED),
        throughput("Read from disks", "oie_disk_r_gbytes"),
        throughput("Written to disks", "oie_disk_w_gbytes"),
        requests("Read requests", "reqps", "oie_disk_r_requests"),
        requests("Write requests", "reqps", "oie_disk_w_requests"),
        throughput("Received", "oie_net_rx_gbytes"),
        throughput("Sent", "oie_net_tx_gbytes"),
        requests("Packets received", "pps", "oie_net_rx_pkt_total"),
        requests("Packets sent", "pps", "oie_net_tx_pkt_total"),
      ],
    },
    CONNTRACK_ROW,
    {
      title: "Instances",
      panels: [
        table("Instances that do not run", { ...INSTANCE, state: "State", reason: "Reason" }, [
          {
            expr: "group by (hypervisor, domain, instance_uuid, state, reason)" +
              ` (oie_instance_state_info{${H},state!="running"})`,
            legend: "",
          },
        ], { ...ROW_LINKS, width: 12, mayBeEmpty: "all run as a rule" }),
        table("Jobs, such as migrations", { ...INSTANCE, operation: "Job" }, [
          { expr: ofJob("oie_instance_job_elapsed_seconds"), legend: "Runs since" },
          { expr: ofJob("oie_instance_job_remaining_bytes"), legend: "Left" },
        ], {
          ...ROW_LINKS,
          description: "It takes -collector.job.",
          width: 12,
          unit: { "Runs since": "s", Left: "bytes" },
        }),
        instanceTable("Instances", H, INSTANCE_COLUMNS),
      ],
    },
  ],
};
