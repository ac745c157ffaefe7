import { FAMILIES } from "../../../lib/metrics/families.ts";
import { nameFamilies } from "../../../lib/metrics/naming.ts";
import { readPromql } from "../../../scripts/monitoring/promql.ts";
import { RECORDING_GROUPS } from "../../../scripts/monitoring/recording_rules.ts";
import { TARGET_LABELS } from "../../../scripts/monitoring/rules.ts";

/** Series that Prometheus makes itself, with labels that are not the target's. */
const OF_PROMETHEUS: readonly (readonly [string, readonly string[]])[] = [
  ["up", []],
  ["scrape_duration_seconds", []],
  ["scrape_samples_scraped", []],
  ["ALERTS", ["alertname", "alertstate", "severity"]],
];

/** Names that a set of rules and dashboards is made for. */
export type RuleSet = "oie" | "prometheus";

/** Labels of each metric that an expression of the set may name. */
function labelsOf(set: RuleSet): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>([
    ...nameFamilies(FAMILIES, set).map(({ name, parts }) => {
      const labels = parts.flatMap(({ family, appearance: { label } }) =>
        label ? [label.name, ...family.labels] : family.labels
      );
      return [name, withTarget(labels)] as const;
    }),
    ...OF_PROMETHEUS.map(([name, labels]) => [name, withTarget(labels)] as const),
  ]);
  // What is recorded has the same names and labels in both sets.
  for (const { record, expr, labels = {} } of RECORDING_GROUPS.flatMap(({ rules }) => rules)) {
    // Every recorded expression aggregates: what it groups by is what is left.
    const left = [...readPromql(expr).grouping, ...Object.keys(labels)];
    found.set(record, new Set([...found.get(record) ?? [], ...left]));
  }
  return found;
}

function withTarget(labels: readonly string[]): ReadonlySet<string> {
  return new Set([...TARGET_LABELS, ...labels]);
}

const LABELS = { oie: labelsOf("oie"), prometheus: labelsOf("prometheus") };

/** Names that an expression, or a text beside it, uses and nobody declares; a line for each. */
export function undeclared(
  expr: string,
  mentioned: readonly string[] = [],
  set: RuleSet = "oie",
): string[] {
  const { selectors, grouping } = readPromql(expr);
  const complaints: string[] = [];
  const all = new Set<string>();
  for (const { metric, labels } of selectors) {
    const declared = LABELS[set].get(metric);
    if (declared === undefined) complaints.push(`no metric ${metric}: ${expr}`);
    for (const label of labels) {
      if (!declared?.has(label)) complaints.push(`no label ${label} of ${metric}: ${expr}`);
    }
    for (const label of declared ?? []) all.add(label);
  }
  for (const label of [...grouping, ...mentioned]) {
    if (!all.has(label)) complaints.push(`no label ${label} anywhere: ${expr}`);
  }
  return complaints;
}
