import { family } from "./family.ts";
import { exporterCounter as counter, hostFamily as host } from "./host_family.ts";

const ALWAYS = "always";
const ONCE_COLLECTED = "once a cycle ran";

/** What is running. */
export const BUILD_INFO = family({
  name: "oie_build_info",
  type: "gauge",
  help: "Version of the exporter; the value is always 1.",
  labels: ["version", "revision", "deno", "arch"],
  exported: ALWAYS,
});

/** The newest cycle, by collector. */
export const COLLECTOR = {
  duration: family({
    name: "oie_collector_duration_seconds",
    type: "gauge",
    help: "Time the collector took in the newest cycle, in seconds.",
    labels: ["collector"],
    exported: ONCE_COLLECTED,
  }),
  success: family({
    name: "oie_collector_success",
    type: "gauge",
    help:
      "1 if the collector could read what it needs and failed for no instance in the newest cycle.",
    labels: ["collector"],
    exported: ONCE_COLLECTED,
  }),
} as const;

/** The process, by the names of Prometheus' client libraries. */
export const PROCESS = {
  cpuSeconds: counter(
    "process_cpu_seconds_total",
    "User and system CPU time of this process, in seconds.",
  ),
  residentMemory: host(
    "process_resident_memory_bytes",
    "gauge",
    ALWAYS,
    "Resident memory of this process, in bytes.",
  ),
  virtualMemory: host(
    "process_virtual_memory_bytes",
    "gauge",
    ALWAYS,
    "Virtual memory of this process, in bytes.",
  ),
  openFds: host("process_open_fds", "gauge", ALWAYS, "Open file descriptors of this process."),
  maxFds: host(
    "process_max_fds",
    "gauge",
    ALWAYS,
    "Most file descriptors this process may open.",
  ),
  startTime: host(
    "process_start_time_seconds",
    "gauge",
    ALWAYS,
    "When this process started, in seconds since the epoch.",
  ),
} as const;
