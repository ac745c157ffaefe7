import type { FixedIpFlows } from "../conntrack/flow_summary.ts";
import { CONNTRACK_FLOWS } from "../metrics/flow_families.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import type { Cycle, InstanceReading } from "./cycle.ts";
import { type FixedIpLabels, fixedIpLabels } from "./fixed_ip_labels.ts";

/** Flows of each fixed IP that has enough of them. */
export const CONNTRACK: Collector = {
  name: "conntrack",
  families: [CONNTRACK_FLOWS],
  needsFlows: true,
  start(config) {
    const min = config["conntrack.min"];
    return (instance, cycle) =>
      eachFixedIp(
        instance,
        cycle,
        ({ flows }, labels) => flows >= min ? [sample(CONNTRACK_FLOWS, labels, flows)] : [],
      );
  },
};

/**
 * Samples of each fixed IP of an instance.
 *
 * @returns undefined where no dump of this cycle says anything of the instance.
 */
export function eachFixedIp(
  instance: InstanceReading,
  { flows }: Cycle,
  collect: (flows: FixedIpFlows, labels: FixedIpLabels) => readonly Sample[],
): readonly Sample[] | undefined {
  const ofInstance = flows?.byInstance.get(instance.stats.uuid);
  if (!ofInstance) return undefined;
  const labels = fixedIpLabels(instance);
  return ofInstance.flatMap((ofFixedIp, at) => {
    const text = labels[at];
    return text === undefined ? [] : collect(ofFixedIp, text);
  });
}
