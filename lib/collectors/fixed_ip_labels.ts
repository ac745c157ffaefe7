import { CONNTRACK_FLOWS } from "../metrics/flow_families.ts";
import { type LabelText, labelText } from "../metrics/labels.ts";
import type { InstanceReading } from "./cycle.ts";
import { byDescription, ownerLabels } from "./owner_labels.ts";

/** Labels that all families of a fixed IP have. */
export type FixedIpLabels = LabelText<typeof CONNTRACK_FLOWS.labels>;

/** Rendered labels of each fixed IP of an instance, in the order of its description. */
export const fixedIpLabels: (instance: InstanceReading) => readonly FixedIpLabels[] = byDescription(
  (instance) => {
    const owner = ownerLabels(instance);
    return instance.description.fixedIps.map(({ text, family }) =>
      labelText(CONNTRACK_FLOWS.labels, { ...owner, ip: text, family })
    );
  },
);
