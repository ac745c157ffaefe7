import { type Mark, MARKS } from "../live/node_schema.ts";
import { isColumnKey, type SortKey } from "./sort_key.ts";

/** What the page shows, as far as it stands in its address. */
export interface PageState {
  /** What is opened beside the table. */
  readonly open:
    | { readonly kind: "nothing" }
    | { readonly kind: "node" }
    | { readonly kind: "instance"; readonly uuid: string };
  /** Words that each shown instance has. */
  readonly text: string;
  /** UUID of the project whose instances are shown; empty for all. */
  readonly project: string;
  /** Mark that each shown instance has; "any" for at least one. */
  readonly mark: Mark | "any" | undefined;
  readonly sort: SortKey;
}

export const DEFAULT_STATE: PageState = {
  open: { kind: "nothing" },
  text: "",
  project: "",
  mark: undefined,
  sort: { column: "cpu", descending: true },
};

const INSTANCE = /^\/instance\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * Reads the part of an address behind its `#`, such as `#/instance/UUID?q=web&sort=-cpu`. What it does
 * not understand is left out: an address can be of another version, or anybody's.
 */
export function parseState(hash: string): PageState {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const values = new URLSearchParams(query);
  const mark = values.get("mark");
  return {
    open: parseOpen(path),
    text: values.get("q") ?? "",
    project: values.get("project") ?? "",
    mark: mark === "any" ? mark : MARKS.find((known) => known === mark),
    sort: parseSort(values.get("sort")),
  };
}

/** The part behind the `#` that says this; what is as by default is left out. */
export function formatState({ open, text, project, mark, sort }: PageState): string {
  const values = new URLSearchParams();
  if (text !== "") values.set("q", text);
  if (project !== "") values.set("project", project);
  if (mark !== undefined) values.set("mark", mark);
  const { column, descending } = DEFAULT_STATE.sort;
  if (sort.column !== column || sort.descending !== descending) {
    values.set("sort", `${sort.descending ? "-" : ""}${sort.column}`);
  }
  const path = open.kind === "instance" ? `/instance/${open.uuid}` : "";
  const query = values.size === 0 ? "" : `?${values}`;
  return `#${open.kind === "node" ? "/node" : path || "/"}${query}`;
}

function parseOpen(path: string): PageState["open"] {
  if (path === "/node") return { kind: "node" };
  const [, uuid] = INSTANCE.exec(path) ?? [];
  return uuid === undefined ? { kind: "nothing" } : { kind: "instance", uuid: uuid.toLowerCase() };
}

function parseSort(text: string | null): SortKey {
  const column = text?.replace(/^-/, "");
  return column !== undefined && isColumnKey(column)
    ? { column, descending: text?.startsWith("-") === true }
    : DEFAULT_STATE.sort;
}
