import type { Family, LabelNames } from "./family.ts";
import type { LabelText } from "./labels.ts";

/** One value of one series in one cycle. */
export interface Sample {
  readonly family: Family;
  readonly labels: LabelText;
  /** A bigint is written in full; Prometheus reads it into a 64-bit float. */
  readonly value: number | bigint;
}

/** Makes a sample; labels of another family do not compile. */
export function sample<Names extends LabelNames>(
  family: Family<Names>,
  labels: LabelText<Names>,
  value: number | bigint,
): Sample {
  return { family, labels, value };
}
