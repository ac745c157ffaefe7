import { type Panel, type Row, series, stat } from "./dashboard.ts";

const H = 'hypervisor=~"$hypervisor"';
const OFF = [[0, "orange"], [1, "green"]] as const;

/** A gauge of the host, whichever target has it. */
function host(gauge: string): string {
  return `max by (hypervisor) (${gauge}{${H}})`;
}

function hostRate(counter: string, labels: string, matchers = H): string {
  return `sum by (${labels}) (rate(${counter}{${matchers}}[$__rate_interval]))`;
}

/** What the host has, and how much of it is given away more than once. */
export const RESOURCE_STATS: readonly Panel[] = [
  stat("CPUs", `max(oie_host_cpus{${H}})`),
  stat("vCPUs for each CPU", `max(oie_host_vcpu_overcommit_ratio{${H}})`),
  stat("Memory of the host", `max(oie_host_memory_total_bytes{${H}})`, { unit: "bytes" }),
  stat("Memory promised", `max(oie_host_memory_overcommit_ratio{${H}})`, {
    description:
      "The most that all guests may take, of the host's; above 100 % it is more than there is.",
    unit: "percentunit",
    steps: [[0, "green"], [1, "orange"]],
  }),
  stat("Conntrack counts bytes", `max(oie_host_conntrack_accounting{${H}})`, {
    description: "nf_conntrack_acct: bytes and packets of fixed IPs need it.",
    unit: "bool_on_off",
    steps: OFF,
  }),
  stat("Open vSwitch", `max(oie_ovs_up{${H}})`, {
    description: "Whether its database is followed; missing where none is configured or found.",
    unit: "bool_on_off",
    steps: OFF,
  }),
];

export const HOST_ROW: Row = {
  title: "CPU and memory of the host",
  panels: [
    series("CPUs in use, by mode", "short", [
      {
        expr: hostRate("oie_host_cpu_seconds_total", "mode", `${H},mode!="idle"`),
        legend: "{{mode}}",
      },
    ], {
      description: "All but idle; what guests run is in the mode guest alone.",
      isStacked: true,
    }),
    series("Memory", "bytes", [
      { expr: host("oie_host_memory_total_bytes"), legend: "all" },
      { expr: host("oie_host_memory_available_bytes"), legend: "to be had without swapping" },
      { expr: `sum by (hypervisor) (oie_memory_rss_bytes{${H}})`, legend: "held for guests" },
      {
        expr: `sum by (hypervisor) (oie_memory_maximum_bytes{${H}})`,
        legend: "promised to guests",
      },
    ], { mayBeEmpty: "libvirt's test driver does not tell what guests hold" }),
    series("Overcommit", "short", [
      { expr: host("oie_host_vcpu_overcommit_ratio"), legend: "vCPUs for each CPU" },
      {
        expr: host("oie_host_memory_overcommit_ratio"),
        legend: "promised bytes for each byte of the host's",
      },
    ]),
    series("Memory of NUMA nodes", "bytes", [
      {
        expr: `max by (hypervisor, node) (oie_host_numa_memory_free_bytes{${H}})`,
        legend: "node {{node}} free",
      },
      {
        expr: `max by (hypervisor, node) (oie_host_numa_memory_total_bytes{${H}})`,
        legend: "node {{node}} all",
      },
    ], { description: "Huge pages count as used." }),
  ],
};

export const CONNTRACK_ROW: Row = {
  title: "Conntrack of the host",
  panels: [
    series("Entries", "short", [
      { expr: host("oie_host_conntrack_kernel_entries"), legend: "entries" },
      { expr: host("oie_host_conntrack_entries_total"), legend: "in the newest dump" },
      { expr: host("oie_host_conntrack_max"), legend: "limit" },
    ]),
    series("Refused by conntrack", "cps", [
      {
        expr: hostRate("oie_host_conntrack_drop_total", "hypervisor"),
        legend: "packets dropped",
      },
      {
        expr: hostRate("oie_host_conntrack_early_drop_total", "hypervisor"),
        legend: "entries dropped for new ones",
      },
      {
        expr: hostRate("oie_host_conntrack_insert_failed_total", "hypervisor"),
        legend: "entries not inserted",
      },
    ], { description: "A full table drops; two packets that race fail to be inserted." }),
    series("Time of the readings", "s", [
      { expr: host("oie_host_conntrack_read_duration_seconds"), legend: "conntrack" },
      { expr: host("oie_host_libvirt_list_duration_seconds"), legend: "libvirt" },
      { expr: host("oie_host_collection_duration_seconds"), legend: "whole cycle" },
    ]),
    series("Ports with a conntrack zone", "short", [
      { expr: host("oie_ovs_port_zones"), legend: "ports" },
    ], { description: "By Open vSwitch's database, ports of routers included." }),
  ],
};
