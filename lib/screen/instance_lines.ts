import type { InstanceSnapshot } from "../live/node_schema.ts";
import { fit } from "./fit.ts";
import { type Line, span } from "./line.ts";
import type { PlacedColumn } from "./place_columns.ts";

/** The headings. */
export function headingLine(columns: readonly PlacedColumn[]): Line {
  return [
    span(
      columns.map(({ heading, columns, side }) => fit(heading, columns, side)).join(" "),
      "heading",
    ),
  ];
}

/** One instance. */
export function instanceLine(instance: InstanceSnapshot, columns: readonly PlacedColumn[]): Line {
  return columns.flatMap(({ text, tone, columns, side }, at) => [
    ...at === 0 ? [] : [span(" ")],
    span(fit(text(instance), columns, side), tone?.(instance)),
  ]);
}
