import { FLOW_TRAFFIC } from "../metrics/flow_families.ts";
import { labelText } from "../metrics/labels.ts";
import { sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import { byDescription, ownerLabels } from "./owner_labels.ts";

/** Bytes and packets of each fixed IP that ever had some. The sums are the aggregation's. */
export const FLOW_BYTES: Collector = {
  name: "flow_bytes",
  families: Object.values(FLOW_TRAFFIC),
  needsFlows: true,
  start() {
    const labelsOf = byDescription((instance) =>
      instance.description.fixedIps.map(({ text: ip, family }) => {
        const labels = { ...ownerLabels(instance), ip, family };
        const textOf = (direction: string) =>
          labelText(FLOW_TRAFFIC.bytes.labels, { ...labels, direction });
        return { out: textOf("out"), in: textOf("in") };
      })
    );
    return (instance, { flows }) =>
      flows?.byInstance.get(instance.stats.uuid)?.flatMap(({ traffic }, at) => {
        const labels = labelsOf(instance)[at];
        if (!traffic || !labels || traffic.sentPackets + traffic.receivedPackets === 0) return [];
        return [
          sample(FLOW_TRAFFIC.bytes, labels.out, traffic.sentBytes),
          sample(FLOW_TRAFFIC.bytes, labels.in, traffic.receivedBytes),
          sample(FLOW_TRAFFIC.packets, labels.out, traffic.sentPackets),
          sample(FLOW_TRAFFIC.packets, labels.in, traffic.receivedPackets),
        ];
      });
  },
};
