import type { Family } from "../metrics/family.ts";
import type { InstanceLabelNames } from "../metrics/instance_family.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { CollectInstance } from "./collector.ts";
import type { InstanceReading } from "./cycle.ts";
import { instanceLabels } from "./instance_labels.ts";

/** Where the value of a family comes from; undefined is not known, and not on the page. */
export interface InstanceValue {
  readonly family: Family<InstanceLabelNames>;
  readonly read: (instance: InstanceReading) => number | bigint | undefined;
}

/**
 * Samples of what is known of an instance in this cycle.
 *
 * @returns a function that gives undefined where nothing is: what is cached stays until it expires.
 */
export function instanceValues(values: readonly InstanceValue[]): CollectInstance {
  return (instance) => {
    const labels = instanceLabels(instance);
    const samples: Sample[] = [];
    for (const { family, read } of values) {
      const value = read(instance);
      if (value !== undefined) samples.push(sample(family, labels, value));
    }
    return samples.length === 0 ? undefined : samples;
  };
}
