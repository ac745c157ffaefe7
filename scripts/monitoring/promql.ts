import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** A selector of an expression: `metric{label="x"}`. */
export interface Selector {
  readonly metric: string;
  /** Names of the labels that its matchers look at. */
  readonly labels: readonly string[];
  /** Where the metric's name begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

/** What an expression asks for. */
export interface Promql {
  readonly selectors: readonly Selector[];
  /** Labels of `by`, `on`, `group_left` and the like, anywhere in the expression. */
  readonly grouping: readonly string[];
}

/** Durations that Grafana puts in, and something as long that PromQL can read. */
const GRAFANA_DURATION = /\$__(rate_interval|interval|range)\b/g;

/**
 * Reads an expression with Prometheus' own grammar. Grafana's durations (`$__rate_interval`) may stand
 * where durations do, its other variables within strings. Positions are those of `text`.
 *
 * @throws {SyntaxError} If it is no PromQL, or selects series without a metric's name.
 */
export function readPromql(text: string): Promql {
  const { tree, plain } = parsePromql(text);
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  tree.iterate({
    enter({ name, node }) {
      if (name === "VectorSelector") selectors.push(readSelector(node, plain));
      if (name === "GroupingLabels") grouping.push(...labelNames(node, plain));
    },
  });
  return { selectors, grouping };
}

/**
 * The syntax of an expression, and the text that was parsed: as long as `text`, without Grafana's
 * durations.
 *
 * @throws {SyntaxError} If it is no PromQL.
 */
export function parsePromql(text: string): { readonly tree: Tree; readonly plain: string } {
  const plain = text.replace(GRAFANA_DURATION, (name) => "5m".padEnd(name.length));
  const tree = parser.parse(plain);
  expectNoError(tree, text);
  return { tree, plain };
}

function expectNoError(tree: Tree, text: string): void {
  tree.iterate({
    enter({ type, from }) {
      if (!type.isError) return;
      throw new SyntaxError(`Cannot parse PromQL "${text}": unexpected text at ${from}`);
    },
  });
}

function readSelector(node: SyntaxNode, text: string): Selector {
  const metric = node.getChild("Identifier");
  if (metric === null) {
    const selector = text.slice(node.from, node.to);
    throw new SyntaxError(`Cannot read selector "${selector}": it names no metric`);
  }
  const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
  return {
    metric: text.slice(metric.from, metric.to),
    labels: matchers.flatMap((matcher) => labelNames(matcher, text)),
    from: metric.from,
    to: metric.to,
  };
}

function labelNames(node: SyntaxNode, text: string): string[] {
  return node.getChildren("LabelName").map(({ from, to }) => text.slice(from, to));
}
