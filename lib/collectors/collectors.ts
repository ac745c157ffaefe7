import type { Collector } from "./collector.ts";
import { CONNTRACK } from "./conntrack.ts";
import { CPU } from "./cpu.ts";
import { DISK_INFO } from "./disk.ts";
import { DISK_IO } from "./disk_io.ts";
import { INSTANCE } from "./instance.ts";
import { NETWORK_IO } from "./network.ts";
import { OUTBOUND_BEHAVIOR } from "./outbound.ts";
import { THREAT } from "./threat.ts";

/** Every collector, in the order of its families on the page. */
export const COLLECTORS: readonly Collector[] = [
  INSTANCE,
  CPU,
  DISK_INFO,
  DISK_IO,
  NETWORK_IO,
  CONNTRACK,
  OUTBOUND_BEHAVIOR,
  THREAT,
];
