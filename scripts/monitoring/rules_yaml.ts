import type { AlertRule, RecordingRule, RuleGroup } from "./rules.ts";

/** Where the section of each alert is, from the root of the repository. */
export const RUNBOOKS = "packaging/docs/runbooks.md";

const HEADER =
  `# Generated from scripts/monitoring by "deno task docs"; see packaging/docs/prometheus.md.
`;

/** A rule file of Prometheus. Strings are in JSON's quotes, which YAML reads alike. */
export function rulesYaml(groups: readonly RuleGroup<RecordingRule | AlertRule>[]): string {
  return `${HEADER}groups:\n${groups.map(groupYaml).join("\n")}`;
}

function groupYaml({ name, rules }: RuleGroup<RecordingRule | AlertRule>): string {
  return `  - name: ${name}\n    rules:\n${rules.map(ruleYaml).join("")}`;
}

function ruleYaml(rule: RecordingRule | AlertRule): string {
  return "record" in rule
    ? `      - record: ${rule.record}\n${expression(rule.expr)}${mapping("labels", rule.labels)}`
    : `      - alert: ${rule.alert}\n${expression(rule.expr)}        for: ${rule.for}\n` +
      mapping("labels", { severity: rule.severity, ...rule.labels }) +
      mapping("annotations", {
        summary: rule.summary,
        description: rule.description,
        runbook_url: `${RUNBOOKS}#${rule.alert.toLowerCase()}`,
      });
}

function expression(expr: string): string {
  return `        expr: |-\n          ${expr}\n`;
}

function mapping(key: string, entries: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(entries).map(([name, value]) =>
    `          ${name}: ${JSON.stringify(value)}\n`
  );
  return lines.length === 0 ? "" : `        ${key}:\n${lines.join("")}`;
}
