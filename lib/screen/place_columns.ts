import type { InstanceSnapshot } from "../live/node_schema.ts";
import { type Column, COLUMNS } from "./columns.ts";
import { widthOf } from "./fit.ts";

/** Columns that leave at this or later are nice to have. */
const NICE = 7;
/** So much of a name is worth more than another column. */
const WORTH_A_COLUMN = 20;

/** A column with the columns that the terminal has for it. */
export interface PlacedColumn extends Column {
  readonly columns: number;
}

/**
 * The columns that a terminal of that width has room for. What is left over goes to those that grow, as
 * far as the instances need it; with no bound each is as wide as its longest text.
 */
export function placeColumns(
  instances: readonly InstanceSnapshot[],
  width: number,
): readonly PlacedColumn[] {
  const natural = naturalWidths(instances);
  const wanted = (column: Column) => Math.min(natural.get(column) ?? 0, WORTH_A_COLUMN);
  let kept = COLUMNS;
  // What is nice to have goes before a name is cut, what is needed goes when nothing else helps.
  kept = without(kept, (columns, worst) => worst >= NICE && widthTogether(columns, wanted) > width);
  kept = without(kept, (columns, worst) => worst > 0 && widthTogether(columns, leastWidth) > width);
  let spare = width - widthTogether(kept, leastWidth);
  return kept.map((column) => {
    const least = leastWidth(column);
    const more = Math.max(0, Math.min((natural.get(column) ?? 0) - least, spare));
    spare -= more;
    return { ...column, columns: least + more };
  });
}

/** Leaves out one column after the other, while `goes` says so of them and the one that would go next. */
function without(
  columns: readonly Column[],
  goes: (columns: readonly Column[], worst: number) => boolean,
): readonly Column[] {
  let kept = columns;
  for (;;) {
    const worst = Math.max(...kept.map(({ leaves }) => leaves));
    if (!goes(kept, worst)) return kept;
    const at = kept.findLastIndex(({ leaves }) => leaves === worst);
    kept = kept.filter((_, index) => index !== at);
  }
}

/** Every key that is pressed needs them, and characters of some scripts are slow to measure. */
const measured = new WeakMap<readonly InstanceSnapshot[], ReadonlyMap<Column, number>>();

function naturalWidths(instances: readonly InstanceSnapshot[]): ReadonlyMap<Column, number> {
  const known = measured.get(instances);
  if (known !== undefined) return known;
  const widths = new Map(COLUMNS.map((column) => {
    if (!column.grows) return [column, column.width];
    const texts = instances.map((instance) => widthOf(column.text(instance)));
    return [column, Math.max(column.heading.length, ...texts)];
  }));
  measured.set(instances, widths);
  return widths;
}

function leastWidth({ width }: Column): number {
  return width;
}

function widthTogether(columns: readonly Column[], widthOfOne: (column: Column) => number): number {
  return columns.reduce((sum, column) => sum + widthOfOne(column), columns.length - 1);
}
