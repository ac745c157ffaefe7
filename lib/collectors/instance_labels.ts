import { CPU_PERCENT } from "../metrics/instance_families.ts";
import { type LabelText, labelText } from "../metrics/labels.ts";
import type { InstanceLabelNames } from "../metrics/instance_family.ts";
import type { InstanceReading } from "./cycle.ts";
import { byDescription, ownerLabels } from "./owner_labels.ts";

/** Rendered labels of families that have one series for each instance, shared by all of them. */
export const instanceLabels: (instance: InstanceReading) => LabelText<InstanceLabelNames> =
  byDescription((instance) => labelText(CPU_PERCENT.labels, ownerLabels(instance)));
