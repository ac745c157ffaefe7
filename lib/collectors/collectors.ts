import type { Collector } from "./collector.ts";
import { CONNTRACK } from "./conntrack.ts";
import { CPU } from "./cpu.ts";
import { CPU_STEAL } from "./cpu_delay.ts";
import { CPU_SECONDS } from "./cpu_time.ts";
import { DISK_INFO } from "./disk.ts";
import { DISK_IO, DISK_LATENCY, DISK_SIZES } from "./disk_io.ts";
import { FLOWS_BY_KIND } from "./flow_kinds.ts";
import { FLOW_BYTES } from "./flow_traffic.ts";
import { INSTANCE } from "./instance.ts";
import { INSTANCE_JOB } from "./job.ts";
import { INSTANCE_MEMORY } from "./memory.ts";
import { NETWORK_IO } from "./network.ts";
import { NETWORK_PORTS } from "./network_info.ts";
import { INBOUND_BEHAVIOR, OUTBOUND_BEHAVIOR } from "./outbound.ts";
import { INSTANCE_STATE } from "./state.ts";
import { THREAT } from "./threat.ts";

/** Every collector, in the order of its families on the page. */
export const COLLECTORS: readonly Collector[] = [
  INSTANCE,
  INSTANCE_STATE,
  INSTANCE_JOB,
  CPU,
  CPU_SECONDS,
  CPU_STEAL,
  INSTANCE_MEMORY,
  DISK_INFO,
  DISK_IO,
  DISK_LATENCY,
  DISK_SIZES,
  NETWORK_IO,
  NETWORK_PORTS,
  CONNTRACK,
  FLOWS_BY_KIND,
  FLOW_BYTES,
  OUTBOUND_BEHAVIOR,
  INBOUND_BEHAVIOR,
  THREAT,
];
