import { type Family, family, type MetricType } from "./family.ts";
import { CPU_PERCENT } from "./instance_families.ts";

/** The labels of a family that has one series for each instance. */
export type InstanceLabelNames = typeof CPU_PERCENT.labels;

/** Declares a family with one series for each instance; its counters begin with the domain. */
export function instanceFamily(
  name: string,
  type: MetricType,
  exported: string,
  help: string,
): Family<InstanceLabelNames> {
  return family({
    name,
    type,
    help,
    labels: CPU_PERCENT.labels,
    exported,
    since: type === "counter" ? "domain" : undefined,
  });
}
