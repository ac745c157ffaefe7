import { JOB } from "../rules.ts";
import { type Dashboard, type Panel, series, stat, table } from "./dashboard.ts";
import { hypervisorLink } from "./links.ts";
import { hypervisorVariable } from "./variables.ts";

const H = 'hypervisor=~"$hypervisor"';
const OURS = `${JOB},${H}`;
const LINKED = { links: [hypervisorLink("series")] };

/** The ten hosts with the most of something. */
function top(title: string, unit: string, expr: string): Panel {
  return series(title, unit, [{ expr: `topk(10, ${expr})`, legend: "{{hypervisor}}" }], LINKED);
}

/** How many hosts, or collectors of them, say that they are not well. */
function down(title: string, gauge: string): Panel {
  return stat(title, `count(${gauge}{${H}} == 0) or vector(0)`, {
    steps: [[0, "green"], [1, "red"]],
    width: 6,
  });
}

function failures(counter: string, legend: string) {
  return { expr: `sum(increase(${counter}{${H}}[$__rate_interval]))`, legend };
}

export const EXPORTER: Dashboard = {
  uid: "oie-exporter",
  title: "OpenStack instances / Exporter health",
  description: "The exporters themselves: are they well, how long do they take, what do they need.",
  variables: [hypervisorVariable(true)],
  rows: [
    {
      title: "State",
      panels: [
        stat("Answering", `count(up{${OURS}} == 1)`, { width: 6 }),
        down("libvirt down", "oie_libvirt_up"),
        down("conntrack down", "oie_conntrack_up"),
        down("Open vSwitch not followed", "oie_ovs_up"),
        down("Collectors failing", "oie_collector_success"),
        stat(
          "Oldest data",
          `max(time() - oie_host_last_collection_timestamp_seconds{${H}})`,
          { unit: "s", steps: [[0, "green"], [60, "orange"], [120, "red"]], width: 6 },
        ),
        stat("Versions", `count(count by (version) (oie_build_info{${H}}))`, { width: 6 }),
        stat(
          "Versions of libvirt and QEMU",
          `count(count by (libvirt, qemu) (oie_libvirt_info{${H}}))`,
          { width: 6 },
        ),
      ],
    },
    {
      title: "Collection",
      panels: [
        top("Time of a cycle", "s", `oie_host_collection_duration_seconds{${H}}`),
        top("Lag of a cycle", "s", `oie_host_collection_lag_seconds{${H}}`),
        top("Time of libvirt's listing", "s", `oie_host_libvirt_list_duration_seconds{${H}}`),
        top("Time of the conntrack dump", "s", `oie_host_conntrack_read_duration_seconds{${H}}`),
        series("Time by collector, slowest host", "s", [
          {
            expr: `max by (collector) (oie_collector_duration_seconds{${H}})`,
            legend: "{{collector}}",
          },
          {
            expr: `max(oie_cache_cleanup_duration_seconds{${H}})`,
            legend: "clean-up of the caches",
          },
        ]),
        series("Failures", "short", [
          failures("oie_host_collection_errors_total", "collection"),
          failures("oie_host_domain_errors_total", "domains"),
          failures("oie_host_conntrack_read_errors_total", "conntrack dumps"),
          failures("oie_host_conntrack_dump_interrupted_total", "dumps interrupted"),
          failures("oie_host_conntrack_enobufs_total", "dumps out of buffer"),
          failures("oie_host_collection_skipped_total", "cycles skipped"),
        ]),
      ],
    },
    {
      title: "Page and scrape",
      panels: [
        top("Series of instances", "short", `oie_host_dynamic_cache_series_total{${H}}`),
        top("Samples of a scrape", "short", `scrape_samples_scraped{${OURS}}`),
        top("Time of a scrape", "s", `scrape_duration_seconds{${OURS}}`),
        series("Caches", "short", [
          { expr: `sum(oie_dynamic_cache_entries{${H}})`, legend: "instances" },
          { expr: `sum(oie_static_cache_entries{${H}})`, legend: "families of hosts" },
          failures("oie_cache_evictions_total", "evictions"),
        ]),
      ],
    },
    {
      title: "Process",
      panels: [
        top("Resident memory", "bytes", `process_resident_memory_bytes{${OURS}}`),
        top("V8 heap in use", "bytes", `oie_host_go_heap_alloc_bytes{${H}}`),
        top("CPU", "percentunit", `rate(process_cpu_seconds_total{${OURS}}[$__rate_interval])`),
        top(
          "Open descriptors, of the limit",
          "percentunit",
          `process_open_fds{${OURS}} / process_max_fds{${OURS}}`,
        ),
        table("Versions", {
          hypervisor: "Hypervisor",
          version: "Version",
          revision: "Revision",
          deno: "Deno",
          arch: "Architecture",
        }, [
          {
            expr: `group by (hypervisor, version, revision, deno, arch) (oie_build_info{${H}})`,
            legend: "",
          },
        ], { links: [hypervisorLink("table", "Hypervisor")] }),
        table("What the hosts run", {
          hypervisor: "Hypervisor",
          libvirt: "libvirt",
          qemu: "QEMU",
          kernel: "Kernel",
        }, [
          {
            expr: `group by (hypervisor, libvirt, qemu, kernel) (oie_libvirt_info{${H}})`,
            legend: "",
          },
        ], { links: [hypervisorLink("table", "Hypervisor")] }),
      ],
    },
  ],
};
