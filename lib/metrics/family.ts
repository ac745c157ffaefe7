/** Prometheus metric types that the program exports (text format 0.0.4). */
export type MetricType = "gauge" | "counter";

/** Names of labels, in the order in which they are written. */
export type LabelNames = readonly string[];

/**
 * A metric family, declared once: the renderer, the documentation and the checks of dashboards and
 * rules read this row.
 */
export interface Family<Names extends LabelNames = LabelNames> {
  readonly name: string;
  readonly type: MetricType;
  /** One sentence, with the unit where the name does not say it. */
  readonly help: string;
  readonly labels: Names;
  /** When a series of this family is on the page, for the documentation. */
  readonly exported: string;
}

/** Declares a family; keeps the label names as literal types. */
export function family<const Names extends LabelNames>(row: Family<Names>): Family<Names> {
  return row;
}
