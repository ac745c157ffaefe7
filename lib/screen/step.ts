import type { InstanceHistory } from "../live/history_schema.ts";
import { bodyRows, linesOf } from "./body.ts";
import { filterKey } from "./filter_keys.ts";
import { SORTS } from "./instance_order.ts";
import type { Key } from "./keys.ts";
import {
  listedInstances,
  type Reception,
  shownReception,
  type Size,
  type TopState,
} from "./top_state.ts";

/** What can happen. */
export type TopEvent =
  | { readonly kind: "key"; readonly key: Key }
  | { readonly kind: "resize"; readonly size: Size }
  | { readonly kind: "tick"; readonly nowMs: number }
  | { readonly kind: "snapshot"; readonly reception: Reception }
  | { readonly kind: "trouble"; readonly reason: string; readonly nowMs: number }
  | { readonly kind: "history"; readonly uuid: string; readonly history: InstanceHistory | string };

/** The state after something happened. */
export function step(state: TopState, event: TopEvent): TopState {
  switch (event.kind) {
    case "key":
      return settle(keyed(state, event.key));
    case "resize":
      return settle({ ...state, size: event.size });
    case "tick":
      return { ...state, nowMs: event.nowMs };
    case "snapshot": {
      const reception = shownReception(event.reception);
      return settle({ ...state, reception, nowMs: reception.atMs, trouble: undefined });
    }
    case "trouble": {
      const { reason, nowMs } = event;
      return { ...state, nowMs, trouble: { reason, sinceMs: state.trouble?.sinceMs ?? nowMs } };
    }
    case "history":
      return settle(event.uuid === state.chosen ? { ...state, history: event.history } : state);
  }
}

function keyed(state: TopState, key: Key): TopState {
  if (key === "interrupt") return { ...state, hasEnded: true };
  if (state.filterBefore !== undefined) return filterKey(state, key);
  switch (key) {
    case "?":
    case "h":
      if (state.view === "help") return back(state);
      return { ...state, view: "help", behindHelp: state.view, scroll: 0 };
    case "q":
    case "escape":
      return back(state, key);
  }
  return state.view === "table" ? tableKey(state, key) : scrolled(state, key);
}

/** One view back; from the table `q` ends, and Escape only clears the filter. */
function back(state: TopState, key?: Key): TopState {
  if (state.view === "help") return { ...state, view: state.behindHelp, scroll: 0 };
  if (state.view === "instance") return { ...state, view: "table", scroll: 0, history: undefined };
  if (key === "q") return { ...state, hasEnded: true };
  return { ...state, filter: "" };
}

function tableKey(state: TopState, key: Key): TopState {
  const sort = SORTS.find((sort) => sort.key === key);
  if (sort !== undefined) {
    const isReversed = sort.name === state.sort && !state.isReversed;
    return { ...state, sort: sort.name, isReversed };
  }
  switch (key) {
    case "/":
      return { ...state, filterBefore: state.filter };
    case "enter":
    case "right": {
      const chosen = listedInstances(state)[state.cursor]?.uuid;
      if (chosen === undefined) return state;
      return { ...state, view: "instance", chosen, scroll: 0, history: undefined };
    }
  }
  const moved = movedTo(key, state.cursor, bodyRows(state));
  if (moved === undefined) return state;
  const listed = listedInstances(state);
  const cursor = Math.max(0, Math.min(moved, listed.length - 1));
  return { ...state, cursor, chosen: moved === 0 ? undefined : listed[cursor]?.uuid };
}

function scrolled(state: TopState, key: Key): TopState {
  if (key === "left" || key === "enter" || key === "backspace") return back(state);
  const scroll = movedTo(key, state.scroll, bodyRows(state));
  return scroll === undefined ? state : { ...state, scroll };
}

/** Where a key leads from a line; undefined where it leads nowhere. */
function movedTo(key: Key, from: number, page: number): number | undefined {
  switch (key) {
    case "up":
    case "k":
      return from - 1;
    case "down":
    case "j":
      return from + 1;
    case "pageUp":
      return from - page;
    case "pageDown":
    case " ":
      return from + page;
    case "home":
    case "g":
      return 0;
    case "end":
    case "G":
      return Number.MAX_SAFE_INTEGER;
    default:
      return undefined;
  }
}

/** Has the cursor follow the chosen instance, and the screen the cursor. */
function settle(state: TopState): TopState {
  const page = bodyRows(state);
  if (state.view !== "table") {
    const last = Math.max(0, linesOf(state).length - page);
    return { ...state, scroll: Math.max(0, Math.min(state.scroll, last)) };
  }
  const listed = listedInstances(state);
  const found = listed.findIndex(({ uuid }) => uuid === state.chosen);
  // One that is gone leaves the cursor where it stood.
  const wanted = found >= 0 ? found : state.chosen === undefined ? 0 : state.cursor;
  const cursor = Math.max(0, Math.min(wanted, listed.length - 1));
  const scroll = Math.max(
    cursor - page + 1,
    Math.min(state.scroll, cursor, Math.max(0, listed.length - page)),
  );
  return { ...state, cursor, scroll };
}
