import { bodyLines, bodyRows, hasHostLines, linesOf } from "./body.ts";
import { cut, widthOf } from "./fit.ts";
import { feedsLine, healthLine, titleLine, warning } from "./header.ts";
import { sortOf } from "./instance_order.ts";
import { type Line, span } from "./line.ts";
import { headingLine, instanceLine } from "./instance_lines.ts";
import { placeColumns } from "./place_columns.ts";
import { listedInstances, type TopState } from "./top_state.ts";

const HINTS = {
  table: "Enter open  / filter  ? help  q quit",
  instance: "Esc back  Up Down scroll  ? help",
  help: "Esc back",
} as const;

/** The whole screen, as many lines as the terminal has rows. */
export function screen(state: TopState): readonly Line[] {
  const { size, reception: { snapshot } } = state;
  const above = [
    titleLine(state),
    ...hasHostLines(state) ? [healthLine(snapshot), feedsLine(snapshot)] : [],
    [warning(state) ?? span("")],
  ];
  const below = footer(state);
  const lines = [...above, ...bodyLines(state)];
  if (size.rows < above.length + 3) return [...lines, ...blank(size.rows)].slice(0, size.rows);
  return [...lines, ...blank(size.rows)].slice(0, size.rows - 1).concat([below]);
}

/** The host and every instance as a table without end, for a file or another program. */
export function wholeTable(state: TopState): readonly Line[] {
  const { reception: { snapshot }, size } = state;
  const listed = listedInstances(state);
  const trouble = warning(state);
  const columns = placeColumns(listed, size.columns);
  return [
    titleLine(state),
    healthLine(snapshot),
    feedsLine(snapshot),
    ...trouble === undefined ? [] : [[trouble]],
    [],
    headingLine(columns),
    ...listed.map((instance) => instanceLine(instance, columns)),
  ];
}

function footer(state: TopState): Line {
  const { columns } = state.size;
  if (state.filterBefore !== undefined) {
    const hint = "  Enter keep  Esc drop";
    const room = columns - widthOf(hint) - 3;
    return [
      span("/", "strong"),
      span(tail(state.filter, room)),
      span("▏", "strong"),
      span(hint, "dim"),
    ];
  }
  const right = position(state);
  const hints = cut(HINTS[state.view], columns - widthOf(right) - 1);
  const gap = " ".repeat(Math.max(0, columns - widthOf(hints) - widthOf(right)));
  return [span(hints, "dim"), span(gap), span(right)];
}

/** What part of how much is seen. */
function position(state: TopState): string {
  const rows = bodyRows(state);
  if (state.view !== "table") return range(state.scroll, rows, linesOf(state).length, "lines");
  const all = state.reception.snapshot.instances.length;
  const listed = listedInstances(state).length;
  const order = `by ${sortOf(state.sort).title}${state.isReversed ? ", turned around" : ""}`;
  const matching = state.filter === "" ? "" : ` matching "${cut(state.filter, 20)}" of ${all}`;
  return `${range(state.scroll, rows, listed, "instances")}${matching} ${order}`;
}

function range(from: number, rows: number, all: number, what: string): string {
  if (all <= rows) return `${all} ${all === 1 ? what.slice(0, -1) : what}`;
  return `${from + 1} to ${Math.min(all, from + rows)} of ${all} ${what}`;
}

/** The end of a text: what is being typed. */
function tail(text: string, columns: number): string {
  let shown = text;
  while (shown !== "" && widthOf(shown) > columns) shown = shown.slice(1);
  return shown;
}

function blank(rows: number): readonly Line[] {
  return Array.from({ length: rows }, () => []);
}
