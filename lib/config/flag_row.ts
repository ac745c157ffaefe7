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
  /** The part of the program that this flag steers, when that part is not in this version yet. */
  readonly availableLater?: string;
  /** Set on a boolean that switches such a part on: it stops the program instead. */
  readonly switchesOn?: true;
}
