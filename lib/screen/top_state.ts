import type { InstanceHistory } from "../live/history_schema.ts";
import type { InstanceSnapshot, NodeSnapshot } from "../live/node_schema.ts";
import { inOrder, type SortName } from "./instance_order.ts";
import { searchFor } from "./instance_search.ts";
import { withShownNames } from "./shown_names.ts";

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A snapshot and how old it was when it came. */
export interface Reception {
  readonly snapshot: NodeSnapshot;
  /** Age of its cycle at that moment, by the exporter's own clock; undefined before any cycle. */
  readonly ageMs: number | undefined;
  /** When that was, on a clock that never steps. */
  readonly atMs: number;
}

export type View = "table" | "instance" | "help";

/** All that the screen follows from. Times are milliseconds of a clock that never steps. */
export interface TopState {
  readonly size: Size;
  readonly nowMs: number;
  readonly reception: Reception;
  /** Why the newest question had no answer, and since when there is none. */
  readonly trouble: { readonly reason: string; readonly sinceMs: number } | undefined;
  /** Of the instance that is open; a text says why there is none. */
  readonly history: InstanceHistory | string | undefined;
  readonly view: View;
  /** Where the help leads back to. */
  readonly behindHelp: View;
  readonly sort: SortName;
  readonly isReversed: boolean;
  readonly filter: string;
  /** The filter as it was before, while a new one is typed. */
  readonly filterBefore: string | undefined;
  /** UUID of the chosen instance; undefined chooses whichever stands first. */
  readonly chosen: string | undefined;
  /** Row where the chosen one was seen last. */
  readonly cursor: number;
  /** Lines of the view that are above the screen. */
  readonly scroll: number;
  readonly hasEnded: boolean;
}

/** A reception as it may be shown. */
export function shownReception(reception: Reception): Reception {
  return { ...reception, snapshot: withShownNames(reception.snapshot) };
}

/** The state that the program begins with. */
export function beginTop(
  start: Pick<TopState, "size" | "nowMs" | "reception" | "sort" | "filter">,
): TopState {
  return {
    ...start,
    reception: shownReception(start.reception),
    trouble: undefined,
    history: undefined,
    view: "table",
    behindHelp: "table",
    isReversed: false,
    filterBefore: undefined,
    chosen: undefined,
    cursor: 0,
    scroll: 0,
    hasEnded: false,
  };
}

/** The instances that match the filter, in order. */
export function listedInstances(
  { reception: { snapshot }, filter, sort, isReversed }: Pick<
    TopState,
    "reception" | "filter" | "sort" | "isReversed"
  >,
): readonly InstanceSnapshot[] {
  return inOrder(snapshot.instances.filter(searchFor(filter)), { sort, isReversed });
}

/** The instance that is open; undefined where none is, or it is gone. */
export function openInstance({ reception, chosen }: TopState): InstanceSnapshot | undefined {
  return reception.snapshot.instances.find(({ uuid }) => uuid === chosen);
}

/** How old the newest cycle is; undefined before any. */
export function ageMs(
  { reception, nowMs }: Pick<TopState, "reception" | "nowMs">,
): number | undefined {
  return reception.ageMs === undefined ? undefined : reception.ageMs + nowMs - reception.atMs;
}
