import { DOMAIN_STATES } from "../../../lib/collectors/domain_states.ts";
import { type Color, type Meaning, type Row, table, timeline } from "./dashboard.ts";
import { both, gauges, I, lines, ON_INSTANCE, rate } from "./instance_panels.ts";
import { meanTime, stealShare } from "./waits.ts";

const BY_QEMU = "libvirt's test driver does not tell it";
const BY_BALLOON = "As the guest's kernel says by its balloon driver; without one it is missing.";

/** What is no colour of the plain blue, by the name of the state. */
const STATE_COLORS: Readonly<Record<string, Color>> = {
  running: "green",
  paused: "orange",
  crashed: "red",
};

const STATES: readonly Meaning[] = DOMAIN_STATES.map(({ name }) => [
  name,
  STATE_COLORS[name] ?? "blue",
]);

export const STATE_ROW: Row = {
  title: "State",
  panels: [
    timeline("State and its reason", STATES, {
      expr: `oie_instance_state{${I}} * ${ON_INSTANCE} (reason) oie_instance_state_info{${I}}`,
      legend: "{{hypervisor}}: {{reason}}",
    }, { description: "A line for each reason, such as booted, user or ioerror." }),
  ],
};

export const CPU_ROW: Row = {
  title: "CPU",
  panels: [
    gauges("CPU, of all vCPUs", "percent", { oie_cpu_percent: "{{domain}}" }, {
      description: "Missing while it is below -cpu.min.",
      width: 8,
    }),
    lines("CPUs in use, by mode of the host", "short", [
      { expr: rate("oie_cpu_seconds_total"), legend: "all, QEMU's own work included" },
      { expr: rate("oie_cpu_user_seconds_total"), legend: "user" },
      { expr: rate("oie_cpu_system_seconds_total"), legend: "system" },
      { expr: `oie_cpu_vcpus{${I}}`, legend: "vCPUs" },
    ], { width: 8, mayBeEmpty: BY_QEMU }),
    lines("Waiting for a CPU of the host, of all vCPUs", "percentunit", [
      { expr: stealShare(I), legend: "steal" },
      {
        expr: `${rate("oie_cpu_wait_seconds_total")} / oie_cpu_vcpus{${I}}`,
        legend: "by the scheduler's statistics",
      },
    ], {
      description: "What the guest sees as steal. The scheduler's statistics need" +
        " kernel.sched_schedstats; they should agree with it.",
      width: 8,
      mayBeEmpty: BY_QEMU,
    }),
  ],
};

export const MEMORY_ROW: Row = {
  title: "Memory",
  panels: [
    gauges("Memory of the instance", "bytes", {
      oie_memory_maximum_bytes: "most the balloon may give",
      oie_memory_current_bytes: "what the balloon leaves",
      oie_memory_rss_bytes: "held on the host",
    }, { mayBeEmpty: BY_QEMU }),
    gauges("Memory within the guest", "bytes", {
      oie_memory_available_bytes: "total",
      oie_memory_usable_bytes: "usable without swapping",
      oie_memory_unused_bytes: "unused",
      oie_memory_disk_caches_bytes: "caches of disks",
    }, { description: BY_BALLOON }),
    both("Swap within the guest", "binBps", "", [
      rate("oie_memory_swap_in_bytes_total"),
      rate("oie_memory_swap_out_bytes_total"),
    ], { description: BY_BALLOON, width: 8 }),
    lines("Page faults within the guest", "cps", [
      { expr: rate("oie_memory_major_faults_total"), legend: "that needed a disk" },
      { expr: rate("oie_memory_minor_faults_total"), legend: "that needed none" },
    ], { description: BY_BALLOON, width: 8 }),
    lines("Age of what the guest says", "s", [
      {
        expr: `time() - oie_memory_balloon_last_update_timestamp_seconds{${I}}`,
        legend: "{{domain}}",
      },
    ], {
      description:
        "Old figures mean a guest that hangs, or one whose balloon driver has no period" +
        " set: Nova sets it by mem_stats_period_seconds.",
      width: 8,
    }),
  ],
};

export const DISK_ROW: Row = {
  title: "Disks",
  panels: [
    lines("Disk throughput", "binBps", [
      { expr: `${rate("oie_disk_r_gbytes")} * 2^30`, legend: "{{disk_path}} read" },
      { expr: `-(${rate("oie_disk_w_gbytes")} * 2^30)`, legend: "{{disk_path}} write" },
    ]),
    lines("Mean time of a disk request", "s", [
      {
        expr: meanTime("oie_disk_read_seconds_total", "oie_disk_r_requests", I),
        legend: "{{disk_path}} read",
      },
      {
        expr: meanTime("oie_disk_write_seconds_total", "oie_disk_w_requests", I),
        legend: "{{disk_path}} write",
      },
      {
        expr: meanTime("oie_disk_flush_seconds_total", "oie_disk_flush_requests_total", I),
        legend: "{{disk_path}} flush",
      },
    ], { description: "Missing while there are no such requests." }),
    lines("Disk requests: read", "reqps", [
      { expr: rate("oie_disk_r_requests"), legend: "{{disk_path}}" },
      { expr: `oie_disk_r_alert_threshold{${I}}`, legend: "{{disk_path}} threshold" },
    ]),
    lines("Disk requests: write", "reqps", [
      { expr: rate("oie_disk_w_requests"), legend: "{{disk_path}}" },
      { expr: `oie_disk_w_alert_threshold{${I}}`, legend: "{{disk_path}} threshold" },
    ]),
    lines("Disk requests: flush", "reqps", [
      { expr: rate("oie_disk_flush_requests_total"), legend: "{{disk_path}}" },
    ]),
    lines("Disk space taken up, of the disk's size", "percentunit", [
      {
        expr: `oie_disk_physical_bytes{${I}} / (oie_disk_capacity_bytes{${I}} > 0)`,
        legend: "{{disk_path}}",
      },
    ], {
      description: "What its file takes up on the host; a block device takes up all of its size.",
    }),
    table("Disks", { disk_path: "Disk", disk_type: "Tier", disk_uuid: "UUID" }, [
      { expr: byDisk("group", "oie_disk_info"), legend: "" },
      { expr: byDisk("max", "oie_disk_capacity_bytes"), legend: "Size" },
      { expr: byDisk("max", "oie_disk_physical_bytes"), legend: "Taken up" },
      { expr: byDisk("max", "oie_disk_allocation_bytes"), legend: "Written up to" },
    ], {
      unit: { Size: "bytes", "Taken up": "bytes", "Written up to": "bytes" },
      mayBeEmpty: BY_QEMU,
    }),
  ],
};

function byDisk(operator: string, metric: string): string {
  return `${operator} by (disk_path, disk_type, disk_uuid) (${metric}{${I}})`;
}

const NO_JOB = "Missing while no job runs; it takes -collector.job.";

export const JOB_ROW: Row = {
  title: "Migration and other jobs",
  panels: [
    gauges("Job: data", "bytes", {
      oie_instance_job_size_bytes: "all",
      oie_instance_job_processed_bytes: "moved",
      oie_instance_job_remaining_bytes: "left",
    }, { description: NO_JOB }),
    gauges("Job: speed", "binBps", {
      oie_instance_job_memory_bytes_per_second: "memory moved",
      oie_instance_job_dirty_bytes_per_second: "written by the guest meanwhile",
    }, { description: "A guest that writes faster than its memory is moved never gets there." }),
    lines("Job: time", "s", [
      {
        expr: `oie_instance_job_elapsed_seconds{${I}} * ${ON_INSTANCE} (operation)` +
          ` oie_instance_job_info{${I}}`,
        legend: "{{operation}}",
      },
      {
        expr: `oie_instance_job_downtime_seconds{${I}}`,
        legend: "expected standstill at the end",
      },
    ], { description: NO_JOB }),
    gauges("Job: passes over memory", "short", {
      oie_instance_job_memory_iterations: "{{domain}}",
    }, { description: NO_JOB }),
  ],
};
