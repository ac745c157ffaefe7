import stringWidth from "string-width";
import { shownText } from "./shown_text.ts";

const PLAIN = /^[ -~]*$/;
const ELLIPSIS = "…";
/** Code points of one character with its marks; without a bound a name could tower over the screen. */
const MOST_MARKS = 4;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

export type Side = "left" | "right";

/** Columns that a terminal gives a text; what it would not show counts as in {@link shownText}. */
export function widthOf(text: string): number {
  return PLAIN.test(text)
    ? text.length
    : charactersOf(text).reduce((sum, [, width]) => sum + width, 0);
}

/** The text in exactly so many columns: filled with blanks, or cut, which an ellipsis tells. */
export function fit(text: string, columns: number, side: Side = "left"): string {
  const short = cut(text, columns);
  const blanks = " ".repeat(Math.max(0, columns - widthOf(short)));
  return side === "left" ? short + blanks : blanks + short;
}

/** The text in at most so many columns; where it is cut an ellipsis tells. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (PLAIN.test(text)) {
    return text.length <= columns ? text : text.slice(0, columns - 1) + ELLIPSIS;
  }
  const characters = charactersOf(text);
  const total = characters.reduce((sum, [, width]) => sum + width, 0);
  const room = total <= columns ? columns : columns - 1;
  let shown = "";
  let used = 0;
  for (const [character, width] of characters) {
    if (used + width > room) break;
    shown += character;
    used += width;
  }
  return total <= columns ? shown : shown + ELLIPSIS;
}

/** Characters as a reader counts them, with their columns. */
function charactersOf(text: string): (readonly [string, number])[] {
  return Array.from(segmenter.segment(shownText(text)), ({ segment }) => {
    const character = [...segment].slice(0, MOST_MARKS).join("");
    return [character, stringWidth(character)] as const;
  });
}
