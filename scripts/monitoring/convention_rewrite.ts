import type { SyntaxNode } from "@lezer/common";
import { FAMILIES } from "../../lib/metrics/families.ts";
import type { Convention, CONVERSIONS } from "../../lib/metrics/family.ts";
import { parsePromql } from "./promql.ts";

/** The twins by convention, by the name of the specification. */
const TWINS: ReadonlyMap<string, Convention> = new Map(
  FAMILIES.flatMap(({ name, convention }) => convention ? [[name, convention] as const] : []),
);

/** What gives a converted value its old unit back: thresholds and panels keep theirs. */
const BACK: Readonly<Record<keyof typeof CONVERSIONS, string>> = {
  gbytes: "/ 2^30",
  percent: "* 100",
};

/** Functions of a range whose result is in the unit of the samples. */
const KEEP_UNIT: readonly string[] = [
  "rate",
  "irate",
  "increase",
  "delta",
  "idelta",
  "deriv",
  "predict_linear",
  "avg_over_time",
  "min_over_time",
  "max_over_time",
  "sum_over_time",
  "last_over_time",
  "quantile_over_time",
  "stddev_over_time",
];

/** Functions of a range or an instant that do not look at the values' unit at all. */
const WITHOUT_UNIT: readonly string[] = [
  "changes",
  "resets",
  "count_over_time",
  "present_over_time",
  "absent_over_time",
  "absent",
  "timestamp",
];

/** What an offset belongs to. */
const MODIFIED: readonly string[] = ["VectorSelector", "MatrixSelector", "SubqueryExpr"];

/** A text that stands in place of what is between two places; of one place it is put in there. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The same expression over the names by convention: a name is replaced, the label of its twin becomes
 * a matcher, and what has another unit is brought back to the old one. A conversion cannot stand within
 * a range, so it stands around the function that takes the range. Names that no family has, such as
 * those of recording rules, stay.
 *
 * @throws {SyntaxError} If it is no PromQL, or a value with another unit stands where it cannot be
 * brought back.
 */
export function expressionByConvention(text: string): string {
  const { tree, plain } = parsePromql(text);
  const edits: Edit[] = [];
  tree.iterate({
    enter({ name, node }) {
      if (name === "VectorSelector") edits.push(...editsOf(node, plain));
    },
  });
  // From the end, so that places hold; edits come in the order of the text.
  return edits.sort((a, b) => a.from - b.from).reduceRight(
    (result, { from, to, text }) => result.slice(0, from) + text + result.slice(to),
    text,
  );
}

/** A text for people with the names by convention: summaries, descriptions, titles. */
export function textByConvention(text: string): string {
  return text.replace(/[a-zA-Z_:][\w:]*/g, (name) => TWINS.get(name)?.name ?? name);
}

function editsOf(selector: SyntaxNode, plain: string): Edit[] {
  const metric = selector.getChild("Identifier");
  const twin = metric && TWINS.get(plain.slice(metric.from, metric.to));
  if (!metric || !twin) return [];
  const edits: Edit[] = [{ from: metric.from, to: metric.to, text: twin.name }];
  const braces = selector.getChild("LabelMatchers");
  if (twin.label) {
    const matcher = `${twin.label.name}="${twin.label.value}"`;
    const at = braces ? braces.from + 1 : metric.to;
    const separator = braces?.firstChild ? "," : "";
    edits.push({ from: at, to: at, text: braces ? matcher + separator : `{${matcher}}` });
  }
  const converted = twin.conversion && convertedBy(selector, plain);
  if (twin.conversion && converted) {
    edits.unshift({ from: converted.from, to: converted.from, text: "(" });
    edits.push({ from: converted.to, to: converted.to, text: ` ${BACK[twin.conversion]})` });
  }
  return edits;
}

/** What the conversion stands around; undefined where the unit does not matter. */
function convertedBy(selector: SyntaxNode, plain: string): SyntaxNode | undefined {
  const around = (name: string, node: SyntaxNode) =>
    node.parent?.name === name ? node.parent : node;
  const range = around("MatrixSelector", selector);
  const whole = around("OffsetExpr", range);
  const call = whole.parent?.name === "FunctionCallBody" ? whole.parent.parent : null;
  const name = call?.getChild("FunctionIdentifier");
  const called = name ? plain.slice(name.from, name.to) : "";
  if (WITHOUT_UNIT.includes(called)) return undefined;
  if (!isMisread(selector)) {
    if (range === selector) return whole;
    if (call && KEEP_UNIT.includes(called)) return call;
  }
  throw new SyntaxError(
    `Cannot convert "${plain.slice(whole.from, whole.to)}" in "${plain}":` +
      ` expected a function that keeps the unit, without "@" or an offset of more`,
  );
}

/**
 * Whether a modifier stands around more than the grammar of Prometheus lets it: `-x offset 1h` is the
 * negative of `x offset 1h` there, and to this parser an offset of `-x`. Of `@` it is so with any operator.
 */
function isMisread(selector: SyntaxNode): boolean {
  for (let node = selector.parent; node; node = node.parent) {
    if (node.name === "StepInvariantExpr") return true;
    const inner = node.name === "OffsetExpr" ? node.firstChild?.name : undefined;
    if (inner !== undefined && !MODIFIED.includes(inner)) return true;
  }
  return false;
}
