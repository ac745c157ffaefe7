import { family } from "./family.ts";
import { CPU_PERCENT } from "./instance_families.ts";
import { instanceFamily as instance } from "./instance_family.ts";

const JOB = "with `-collector.job`, while a job such as a migration runs on the domain";

/** Progress of a job; the size that is left and the rates change while it runs. */
export const JOB_FAMILIES = {
  info: family({
    name: "oie_instance_job_info",
    type: "gauge",
    help: "Job that runs on the domain, by libvirt's name of the operation; the value is always 1.",
    labels: [...CPU_PERCENT.labels, "operation"],
    exported: JOB,
  }),
  elapsed: instance(
    "oie_instance_job_elapsed_seconds",
    "gauge",
    JOB,
    "How long the job has run, in seconds.",
  ),
  downtime: instance(
    "oie_instance_job_downtime_seconds",
    "gauge",
    `${JOB}, if it says it`,
    "How long the guest is expected to stand still when the job ends, in seconds.",
  ),
  total: instance(
    "oie_instance_job_size_bytes",
    "gauge",
    `${JOB}, if it says it`,
    "All data of the job, in bytes.",
  ),
  processed: instance(
    "oie_instance_job_processed_bytes",
    "gauge",
    `${JOB}, if it says it`,
    "Data of the job that was moved, in bytes.",
  ),
  remaining: instance(
    "oie_instance_job_remaining_bytes",
    "gauge",
    `${JOB}, if it says it`,
    "Data of the job that is left to move, in bytes; it may grow while the guest writes.",
  ),
  rate: instance(
    "oie_instance_job_memory_bytes_per_second",
    "gauge",
    `${JOB}, if it says it`,
    "How fast the job moves memory, in bytes a second.",
  ),
  dirtyRate: instance(
    "oie_instance_job_dirty_bytes_per_second",
    "gauge",
    `${JOB}, if it says it`,
    "How fast the guest writes to memory that has to be moved again, in bytes a second.",
  ),
  iterations: instance(
    "oie_instance_job_memory_iterations",
    "gauge",
    `${JOB}, if it says it`,
    "Which pass over the guest's memory the job is in.",
  ),
} as const;
