import { JOB } from "../rules.ts";
import { type Dashboard, type Query, series, stat, table } from "./dashboard.ts";
import { hypervisorLink, instanceLinks, projectLink } from "./links.ts";
import { hypervisorVariable } from "./variables.ts";
import { meanTime, stealPanel, stealShare } from "./waits.ts";

const H = 'hypervisor=~"$hypervisor"';
const BY_PROJECT = { links: [projectLink("series")] };
const BY_HYPERVISOR = { links: [hypervisorLink("series")] };
const BY_INSTANCE = { links: instanceLinks("series") };
const ON_HYPERVISOR = "{{domain}} on {{hypervisor}}";

/** The ten largest, by the name of the project. */
function topProjects(rate: string): string {
  return `topk(10, sum by (project_uuid) (hypervisor_project:${rate}{${H}})` +
    " * on (project_uuid) group_left (project_name) project:oie_project_name:info)";
}

/** The ten disks whose requests take longest. */
function topLatency(seconds: string, requests: string, verb: string): Query {
  return {
    expr: `topk(10, ${meanTime(seconds, requests, H)})`,
    legend: `{{domain}} {{disk_path}} ${verb}`,
  };
}

function topHypervisors(sum: string): string {
  return `topk(10, hypervisor:${sum}{${H}})`;
}

export const FLEET: Dashboard = {
  uid: "oie-fleet",
  title: "OpenStack instances / Fleet",
  description: "All hypervisors: how many there are, what they carry, and who carries most.",
  variables: [hypervisorVariable(true)],
  rows: [
    {
      title: "Cloud",
      panels: [
        stat("Hypervisors", `count(up{${JOB},${H}} == 1)`),
        stat("Not answering", `count(up{${JOB},${H}} == 0) or vector(0)`, {
          steps: [[0, "green"], [1, "red"]],
        }),
        stat("Instances", `sum(oie_host_active_vms{${H}})`),
        stat("vCPUs", `sum(oie_host_active_vcpus{${H}})`),
        stat("Memory", `sum(oie_host_active_mem_gbytes{${H}}) * 2^30`, { unit: "bytes" }),
        stat("Alerts", 'count(ALERTS{alertname=~"Oie.+",alertstate="firing"}) or vector(0)', {
          steps: [[0, "green"], [1, "orange"]],
        }),
      ],
    },
    {
      title: "Hypervisors with the most",
      panels: [
        series("Read from disks", "binBps", [
          {
            expr: `${topHypervisors("oie_disk_r_gbytes:rate5m")} * 2^30`,
            legend: "{{hypervisor}}",
          },
        ], { ...BY_HYPERVISOR }),
        series("Written to disks", "binBps", [
          {
            expr: `${topHypervisors("oie_disk_w_gbytes:rate5m")} * 2^30`,
            legend: "{{hypervisor}}",
          },
        ], { ...BY_HYPERVISOR }),
        series("Received by instances", "binBps", [
          {
            expr: `${topHypervisors("oie_net_rx_gbytes:rate5m")} * 2^30`,
            legend: "{{hypervisor}}",
          },
        ], { ...BY_HYPERVISOR }),
        series("Sent by instances", "binBps", [
          {
            expr: `${topHypervisors("oie_net_tx_gbytes:rate5m")} * 2^30`,
            legend: "{{hypervisor}}",
          },
        ], { ...BY_HYPERVISOR }),
        series("Conntrack table in use", "percentunit", [
          { expr: topHypervisors("oie_conntrack_used:ratio"), legend: "{{hypervisor}}" },
        ], { ...BY_HYPERVISOR, steps: [[0, "green"], [0.8, "orange"], [0.95, "red"]] }),
        series("Instances", "short", [
          { expr: `topk(10, oie_host_active_vms{${H}})`, legend: "{{hypervisor}}" },
        ], { ...BY_HYPERVISOR }),
        series("vCPUs for each CPU", "short", [
          { expr: `topk(10, oie_host_vcpu_overcommit_ratio{${H}})`, legend: "{{hypervisor}}" },
        ], { ...BY_HYPERVISOR }),
        series("Memory promised, of the host's", "percentunit", [
          { expr: `topk(10, oie_host_memory_overcommit_ratio{${H}})`, legend: "{{hypervisor}}" },
        ], {
          ...BY_HYPERVISOR,
          description: "The most that all guests of a host may take.",
          steps: [[0, "green"], [1, "orange"]],
        }),
      ],
    },
    {
      title: "Projects and instances with the most",
      panels: [
        series("Projects: disk requests", "reqps", [
          { expr: topProjects("oie_disk_r_requests:rate5m"), legend: "{{project_name}} read" },
          { expr: topProjects("oie_disk_w_requests:rate5m"), legend: "{{project_name}} write" },
        ], BY_PROJECT),
        series("Projects: sent", "binBps", [
          {
            expr: `${topProjects("oie_net_tx_gbytes:rate5m")} * 2^30`,
            legend: "{{project_name}}",
          },
        ], BY_PROJECT),
        series("Projects: conntrack flows", "short", [
          { expr: topProjects("oie_conntrack_ip_flows_total:sum"), legend: "{{project_name}}" },
        ], BY_PROJECT),
        series("Projects: CPUs in use", "short", [
          { expr: topProjects("oie_cpu_seconds:rate5m"), legend: "{{project_name}}" },
        ], BY_PROJECT),
        series("Projects: memory", "bytes", [
          { expr: topProjects("oie_memory_current_bytes:sum"), legend: "{{project_name}}" },
        ], BY_PROJECT),
        series("Instances: CPU", "percent", [
          { expr: `topk(10, oie_cpu_percent{${H}})`, legend: ON_HYPERVISOR },
        ], BY_INSTANCE),
        stealPanel(`topk(10, ${stealShare(H)})`, ON_HYPERVISOR, {
          ...BY_INSTANCE,
          title: "Instances: waiting for a CPU of the host",
        }),
        series("Instances: mean time of a disk request", "s", [
          topLatency("oie_disk_read_seconds_total", "oie_disk_r_requests", "read"),
          topLatency("oie_disk_write_seconds_total", "oie_disk_w_requests", "write"),
        ], { ...BY_INSTANCE, description: "Missing where there are no such requests." }),
      ],
    },
    {
      title: "Hypervisors",
      panels: [
        table("Hypervisors", { hypervisor: "Hypervisor" }, [
          { expr: `max by (hypervisor) (up{${JOB},${H}})`, legend: "Up" },
          { expr: `max by (hypervisor) (oie_libvirt_up{${H}})`, legend: "libvirt" },
          { expr: `max by (hypervisor) (oie_conntrack_up{${H}})`, legend: "conntrack" },
          { expr: `max by (hypervisor) (oie_host_active_vms{${H}})`, legend: "Instances" },
          { expr: `max by (hypervisor) (oie_host_active_vcpus{${H}})`, legend: "vCPUs" },
          {
            expr: `max by (hypervisor) (oie_host_active_mem_gbytes{${H}}) * 2^30`,
            legend: "Memory",
          },
          {
            expr: `max by (hypervisor) (oie_host_vcpu_overcommit_ratio{${H}})`,
            legend: "vCPUs for each CPU",
          },
          {
            expr: `max by (hypervisor) (oie_host_memory_overcommit_ratio{${H}})`,
            legend: "Memory promised",
          },
          { expr: `hypervisor:oie_conntrack_used:ratio{${H}}`, legend: "Conntrack in use" },
          {
            expr: `time() - max by (hypervisor) (oie_host_last_collection_timestamp_seconds{${H}})`,
            legend: "Age of data",
          },
        ], {
          unit: {
            Memory: "bytes",
            "Memory promised": "percentunit",
            "Conntrack in use": "percentunit",
            "Age of data": "s",
          },
          links: [hypervisorLink("table", "Hypervisor")],
        }),
      ],
    },
  ],
};
