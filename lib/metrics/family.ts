/** Prometheus metric types that the program exports (text format 0.0.4). */
export type MetricType = "gauge" | "counter";

/** Names of labels, in the order in which they are written. */
export type LabelNames = readonly string[];

/** Units that a conventional name has instead of the unit of the specification's name. */
export const CONVERSIONS = {
  /** Gibibytes (2^30 bytes) to bytes. */
  gbytes: { unit: "bytes", factor: 2 ** 30 },
  /** Percent to a ratio of one. */
  percent: { unit: "ratio", factor: 0.01 },
} as const satisfies Readonly<Record<string, { readonly unit: string; readonly factor: number }>>;

/**
 * What a family of the source specification is called where its name breaks Prometheus' conventions
 * ("Metric and label naming"): the same series and values, but for what is said here.
 */
export interface Convention {
  readonly name: string;
  /** Left out where the family's own sentence holds. */
  readonly help?: string;
  /** From the unit of the family's values. */
  readonly conversion?: keyof typeof CONVERSIONS;
  /** A label in front of the others, for what the specification puts into the name. */
  readonly label?: { readonly name: string; readonly value: string };
}

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
  /** Its twin, where the name is not by convention. */
  readonly convention?: Convention | undefined;
  /**
   * Of a counter: what it began at zero with, where that is known. OpenMetrics tells the time of it
   * as `_created`.
   */
  readonly since?: "domain" | "exporter" | "boot" | undefined;
}

/** Declares a family; keeps the label names as literal types. */
export function family<const Names extends LabelNames>(row: Family<Names>): Family<Names> {
  return row;
}
