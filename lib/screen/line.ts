/** What a piece of a line means; how that looks is the terminal's matter. */
export type Tone = "plain" | "strong" | "dim" | "good" | "warn" | "bad" | "chosen" | "heading";

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of a screen, from its left edge. */
export type Line = readonly Span[];

/** A piece of a line, plain unless told otherwise. */
export function span(text: string, tone: Tone = "plain"): Span {
  return { text, tone };
}

/** The same line in one tone. */
export function toned(line: Line, tone: Tone): Line {
  return line.map(({ text }) => ({ text, tone }));
}
