import type { KindName } from "./kinds.ts";

/** A flag, declared once: the parser, the usage text and the documents read this row. */
export interface FlagRow {
  readonly name: string;
  readonly kind: KindName;
  /** As an operator would write it. */
  readonly default: string;
  /** One sentence without a full stop. */
  readonly help: string;
  readonly group: string;
}
