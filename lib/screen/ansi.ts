import { cut, widthOf } from "./fit.ts";
import type { Line, Tone } from "./line.ts";
import { shownText } from "./shown_text.ts";

/** How a tone looks: parameters of "select graphic rendition" (ECMA-48, 8.3.117). */
export type Palette = Readonly<Record<Tone, string>>;

/** Sixteen-colour terminals have these, and users choose what they look like. */
export const COLOURS: Palette = {
  plain: "",
  strong: "1",
  dim: "90",
  good: "32",
  warn: "33",
  bad: "1;31",
  chosen: "30;46",
  heading: "7",
};

/** For terminals or users that want no colour. */
export const NO_COLOURS: Palette = {
  ...{ plain: "", strong: "1", dim: "", good: "", warn: "1", bad: "1" },
  chosen: "7",
  heading: "4",
};

const PLAIN = /^[ -~]*$/;

/** A line as text without any attribute, blanks at its end left out. */
export function plainLine(line: Line): string {
  return line.map(({ text }) => shownText(text)).join("").trimEnd();
}

/**
 * A line for a terminal of so many columns. Nothing of its text is obeyed. After text beyond ASCII the
 * cursor is put where the next piece belongs, since terminals differ about the width of some characters.
 */
export function ansiLine(line: Line, columns: number, palette: Palette): string {
  let written = "";
  let column = 0;
  for (const { text, tone } of line) {
    const short = shownText(cut(text, columns - column));
    if (short === "") continue;
    column += widthOf(short);
    const look = palette[tone];
    written += look === "" ? short : `\x1b[${look}m${short}\x1b[0m`;
    if (!PLAIN.test(short) && column < columns) written += `\x1b[${column + 1}G`;
  }
  return written;
}
