import { ansiLine, type Palette } from "../screen/ansi.ts";
import type { Line } from "../screen/line.ts";

/** Makes what a terminal must be sent to show some lines: of those that it shows already, nothing. */
export class Painter {
  readonly #palette: Palette;
  #shown: readonly string[] = [];

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  /** Text that makes the terminal show these lines from its top, and nothing below them. */
  paint(lines: readonly Line[], columns: number): string {
    const wanted = lines.map((line) => ansiLine(line, columns, this.#palette));
    const isNew = wanted.length !== this.#shown.length;
    const changed = wanted.map((line, row) =>
      // "Cursor position", the line, and "erase in line" behind it (ECMA-48, 8.3.21 and 8.3.41).
      isNew || line !== this.#shown[row] ? `\x1b[${row + 1};1H\x1b[0m\x1b[K${line}` : ""
    ).join("");
    this.#shown = wanted;
    return isNew ? `\x1b[2J${changed}` : changed;
  }

  /** Forgets what the terminal shows: it may have lost it. */
  forget(): void {
    this.#shown = [];
  }
}
