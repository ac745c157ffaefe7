import { widthOf } from "./fit.ts";
import { isLate } from "./header.ts";
import { helpLines } from "./help_view.ts";
import { instanceDetails } from "./instance_details.ts";
import { type Line, span, type Tone, toned } from "./line.ts";
import { headingLine, instanceLine } from "./instance_lines.ts";
import { placeColumns } from "./place_columns.ts";
import { listedInstances, openInstance, type TopState } from "./top_state.ts";

/** Below that the host's lines give way to the instances. */
const ROWS_FOR_HOST = 12;

/** Whether the lines about the host have room. */
export function hasHostLines({ size }: Pick<TopState, "size">): boolean {
  return size.rows >= ROWS_FOR_HOST;
}

/** Rows that scroll: what the lines above them, the headings of a table and the keys below leave over. */
export function bodyRows({ size, view }: Pick<TopState, "size" | "view">): number {
  const above = hasHostLines({ size }) ? 4 : 2;
  return Math.max(1, size.rows - above - (view === "table" ? 2 : 1));
}

/** Every line of a view other than the table, whether there is room for it or not. */
export function linesOf(state: TopState): readonly Line[] {
  if (state.view === "help") return helpLines();
  const instance = openInstance(state);
  if (instance === undefined) return [[span("This instance runs here no more.", "warn")]];
  return instanceDetails(instance, { history: state.history, columns: state.size.columns });
}

/** The lines between the host's and the keys, no more than there is room for. */
export function bodyLines(state: TopState): readonly Line[] {
  const rows = bodyRows(state);
  const isOld = state.trouble !== undefined || isLate(state);
  if (state.view !== "table") {
    const lines = linesOf(state).slice(state.scroll, state.scroll + rows);
    return isOld && state.view === "instance" ? lines.map((line) => toned(line, "dim")) : lines;
  }
  const listed = listedInstances(state);
  const shown = listed.slice(state.scroll, state.scroll + rows);
  const columns = placeColumns(state.reception.snapshot.instances, state.size.columns);
  const lines = shown.map((instance, at): Line => {
    const line = instanceLine(instance, columns);
    if (state.scroll + at === state.cursor) return filled(line, "chosen", state.size.columns);
    return isOld ? toned(line, "dim") : line;
  });
  const none = state.filter === "" ? "No instance runs here." : "No instance matches.";
  const heading = filled(headingLine(columns), "heading", state.size.columns);
  return [heading, ...lines.length === 0 ? [[span(none, "dim")]] : lines];
}

/** A line in one tone as far as the right edge. */
function filled(line: Line, tone: Tone, columns: number): Line {
  const width = line.reduce((sum, { text }) => sum + widthOf(text), 0);
  return [...toned(line, tone), span(" ".repeat(Math.max(0, columns - width)), tone)];
}
