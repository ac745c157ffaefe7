import { FLOW_KINDS } from "../metrics/flow_families.ts";
import { labelText } from "../metrics/labels.ts";
import { sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import { byDescription, ownerLabels } from "./owner_labels.ts";

const DIRECTIONS = ["out", "in"] as const;
const PROTOCOLS = ["tcp", "udp", "icmp", "other"] as const;

/** Flows of each fixed IP that has enough of them, by direction, protocol and answer. */
export const FLOWS_BY_KIND: Collector = {
  name: "flow_kinds",
  families: Object.values(FLOW_KINDS),
  needsFlows: true,
  start(config) {
    const min = config["conntrack.min"];
    const labelsOf = byDescription((instance) => {
      const owner = ownerLabels(instance);
      return instance.description.fixedIps.map(({ text: ip, family }) => {
        const labels = { ...owner, ip, family };
        return {
          directions: DIRECTIONS.map((direction) =>
            labelText(FLOW_KINDS.direction.labels, { ...labels, direction })
          ),
          protocols: PROTOCOLS.map((protocol) =>
            labelText(FLOW_KINDS.protocol.labels, { ...labels, protocol })
          ),
          unreplied: labelText(FLOW_KINDS.unreplied.labels, labels),
        };
      });
    });
    return (instance, { flows }) =>
      flows?.byInstance.get(instance.stats.uuid)?.flatMap(({ flows, kinds }, at) => {
        const labels = labelsOf(instance)[at];
        if (!kinds || !labels || flows < min) return [];
        return [
          ...labels.directions.map((text, which) =>
            sample(FLOW_KINDS.direction, text, kinds[DIRECTIONS[which]!])
          ),
          ...labels.protocols.map((text, which) =>
            sample(FLOW_KINDS.protocol, text, kinds[PROTOCOLS[which]!])
          ),
          sample(FLOW_KINDS.unreplied, labels.unreplied, kinds.unreplied),
        ];
      });
  },
};
