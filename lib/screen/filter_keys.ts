import type { Key } from "./keys.ts";
import type { TopState } from "./top_state.ts";

/** Longer than any name. */
const LONGEST_FILTER = 300;

/** What a key does while a filter is typed: the table follows it at once, Escape brings the old one back. */
export function filterKey(state: TopState, key: Key): TopState {
  switch (key) {
    case "enter":
      return { ...state, filterBefore: undefined };
    case "escape":
      return { ...state, filter: state.filterBefore ?? "", filterBefore: undefined };
    case "backspace": {
      // An empty one is left by one more, as in other programs.
      if (state.filter === "") return { ...state, filterBefore: undefined };
      return { ...state, filter: [...state.filter].slice(0, -1).join("") };
    }
    case "clear":
      return { ...state, filter: "" };
    case "clearWord":
      return { ...state, filter: state.filter.replace(/\S*\s*$/, "") };
  }
  if ([...key].length !== 1 || state.filter.length >= LONGEST_FILTER) return state;
  return { ...state, filter: state.filter + key };
}
