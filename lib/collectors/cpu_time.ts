import { CPU_TIME } from "../metrics/resource_families.ts";
import type { Collector } from "./collector.ts";
import { currentVcpus } from "./instance.ts";
import { instanceValues } from "./instance_values.ts";
import { seconds } from "./units.ts";

/** CPU seconds and vCPUs of each instance. */
export const CPU_SECONDS: Collector = {
  name: "cpu_time",
  families: Object.values(CPU_TIME),
  start: () =>
    instanceValues([
      { family: CPU_TIME.total, read: ({ stats }) => seconds(stats.cpuTimeNs) },
      { family: CPU_TIME.user, read: ({ stats }) => seconds(stats.cpuUserNs) },
      { family: CPU_TIME.system, read: ({ stats }) => seconds(stats.cpuSystemNs) },
      { family: CPU_TIME.vcpus, read: currentVcpus },
    ]),
};
