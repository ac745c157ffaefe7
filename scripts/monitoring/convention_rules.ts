import { expressionByConvention, textByConvention } from "./convention_rewrite.ts";
import type { AlertRule, RecordingRule, RuleGroup } from "./rules.ts";

/**
 * The same rules over the names by convention. What is recorded keeps its name and unit, and alerts
 * their thresholds: all that stands on them holds for either set.
 */
export function rulesByConvention<Rule extends RecordingRule | AlertRule>(
  groups: readonly RuleGroup<Rule>[],
): readonly RuleGroup<Rule>[] {
  return groups.map(({ name, rules }) => ({ name, rules: rules.map(ruleByConvention) }));
}

function ruleByConvention<Rule extends RecordingRule | AlertRule>(rule: Rule): Rule {
  return {
    ...rule,
    expr: expressionByConvention(rule.expr),
    ..."alert" in rule
      ? {
        summary: textByConvention(rule.summary),
        description: textByConvention(rule.description),
      }
      : {},
  };
}
