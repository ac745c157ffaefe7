import { type Convention, type Family, family, type MetricType } from "./family.ts";

/** Declares a family with one series, without labels. */
export function hostFamily(
  name: string,
  type: MetricType,
  exported: string,
  help: string,
  convention?: Convention,
): Family<readonly []> {
  return family({ name, type, help, labels: [], exported, convention });
}

/** Declares a counter of the exporter's own, which begins with it and is always there. */
export function exporterCounter(name: string, help: string): Family<readonly []> {
  return { ...hostFamily(name, "counter", "always", help), since: "exporter" };
}
