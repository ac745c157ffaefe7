import { FAMILIES } from "../../lib/metrics/families.ts";
import { CONVERSIONS } from "../../lib/metrics/family.ts";
import type { AlertCase } from "./alert_cases.ts";

/** The same case as the exporter with names by convention would give it to Prometheus. */
export function caseByConvention(rule: AlertCase): AlertCase {
  const series = Object.fromEntries(
    Object.entries(rule.series).map(([name, values]) => seriesByConvention(name, values)),
  );
  return { ...rule, series };
}

function seriesByConvention(series: string, values: string): readonly [string, string] {
  const [, metric = "", labels = ""] = /^(\w+)\{(.*)\}$/.exec(series) ?? [];
  const convention = FAMILIES.find(({ name }) => name === metric)?.convention;
  if (!convention) return [series, values];
  const { name, label, conversion } = convention;
  const first = label ? `${label.name}="${label.value}",` : "";
  const factor = conversion ? CONVERSIONS[conversion].factor : 1;
  return [`${name}{${first}${labels}}`, scaled(values, factor)];
}

/** Values in promtool's notation (`start+step x count`), each number but the counts multiplied. */
function scaled(values: string, factor: number): string {
  if (factor === 1) return values;
  return values.replace(
    /(^|[ +-])(\d+(?:\.\d+)?)/g,
    (_, before: string, number: string) => before + String(Number(number) * factor),
  );
}
