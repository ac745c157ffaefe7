import { CPU_DELAY } from "../metrics/resource_families.ts";
import type { Collector } from "./collector.ts";
import { instanceValues } from "./instance_values.ts";
import { seconds } from "./units.ts";

/** How long the host let the vCPUs of each instance wait. */
export const CPU_STEAL: Collector = {
  name: "steal",
  families: Object.values(CPU_DELAY),
  start: () =>
    instanceValues([
      { family: CPU_DELAY.steal, read: ({ delay }) => seconds(delay?.stealNs) },
      { family: CPU_DELAY.wait, read: ({ delay }) => seconds(delay?.waitNs) },
    ]),
};
