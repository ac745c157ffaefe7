/** One line of PromQL in a panel. */
export interface Query {
  readonly expr: string;
  /** How its series are called, such as `{{domain}}`; for a table the title of its column. */
  readonly legend: string;
}

export type Color = "green" | "orange" | "red" | "blue";

/** From which value on a colour holds, up to the next one. */
export type Step = readonly [from: number, color: Color];

/** What stands for a number, and in which colour. */
export type Meaning = readonly [text: string, color: Color];

/** Where a click on a series or a row leads. */
export interface Link {
  readonly title: string;
  readonly url: string;
  /** Whether it leaves Grafana, and opens beside it. */
  readonly isOutside?: true;
}

/** What the test may not expect of a panel: series that a healthy cloud does not have. */
export type EmptyReason = string;

/** One picture of a dashboard. */
export interface Panel {
  readonly kind: "stat" | "series" | "table" | "timeline";
  readonly title: string;
  readonly description?: string;
  readonly queries: readonly Query[];
  /** Grafana's name of the unit; of a table that of each column, by its title. */
  readonly unit?: string | Readonly<Record<string, string>>;
  /** Columns of 24. */
  readonly width: number;
  readonly isStacked?: true;
  readonly steps?: readonly Step[];
  /** What the values of a timeline mean; the place of a meaning is its number. */
  readonly meanings?: readonly Meaning[];
  /** Labels that are columns of a table, with their titles, in order. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly links?: readonly Link[];
  readonly mayBeEmpty?: EmptyReason;
}

/** Panels under one title. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What a user chooses above the panels. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  /** In Grafana's words: `label_values(...)` or `query_result(...)`. */
  readonly query: string;
  /** Takes `value`, and `text` for the eye, out of what `query_result` gives. */
  readonly regex?: string;
  /** Several, or all, may be chosen. */
  readonly isMulti: boolean;
}

/** A dashboard, without anything that follows from the others. */
export interface Dashboard {
  /** Fixed, so that links and bookmarks hold. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

/** A number, as it is now. */
export function stat(title: string, expr: string, more: Partial<Panel> = {}): Panel {
  return { kind: "stat", title, queries: [{ expr, legend: title }], width: 4, ...more };
}

/** Lines over time. */
export function series(
  title: string,
  unit: string,
  queries: readonly Query[],
  more: Partial<Panel> = {},
): Panel {
  return { kind: "series", title, unit, queries, width: 12, ...more };
}

/** A bar for each series, in the colours of what its values meant over time. */
export function timeline(
  title: string,
  meanings: readonly Meaning[],
  query: Query,
  more: Partial<Panel> = {},
): Panel {
  return { kind: "timeline", title, meanings, queries: [query], width: 24, ...more };
}

/** A row for each set of labels, as it is now. */
export function table(
  title: string,
  columns: Readonly<Record<string, string>>,
  queries: readonly Query[],
  more: Partial<Panel> = {},
): Panel {
  return { kind: "table", title, columns, queries, width: 24, ...more };
}
