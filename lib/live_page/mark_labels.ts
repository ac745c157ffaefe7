/// <reference lib="dom" />
import { type Mark, MARKS } from "../live/node_schema.ts";
import { element } from "./element.ts";
import { MARK_NAMES } from "./marks.ts";

/** A mark as a label: a word first, a colour besides. */
export function markLabel(mark: Mark): HTMLElement {
  const { short, long } = MARK_NAMES[mark];
  return element("span", {
    class: `mark mark-${mark}`,
    text: short,
    attributes: { title: long },
  });
}

/** Shows marks in an element; what stays the same is not touched. */
export function showMarks(target: HTMLElement, over: readonly Mark[]): void {
  const key = over.join(" ");
  if (target.dataset["marks"] === key) return;
  target.dataset["marks"] = key;
  target.replaceChildren(...MARKS.filter((mark) => over.includes(mark)).map(markLabel));
}
