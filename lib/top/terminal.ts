import type { Size } from "../screen/top_state.ts";

/** Alternate screen (xterm's 1049), no cursor (DECTCEM), no wrap at the right edge (DECAWM). */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
/** Of a terminal that does not tell its size, such as a serial line. */
const USUAL: Size = { columns: 80, rows: 24 };

/** The terminal that the program was started in; leaving its scope leaves it as it was. */
export class Terminal implements Disposable {
  #isEntered = false;

  /** Takes the whole screen and single keys. Again, it does so anew. */
  enter(): void {
    this.#isEntered = true;
    Deno.stdin.setRaw(true);
    this.write(ENTER);
  }

  /** @throws {Error} If nobody reads it any more. */
  write(text: string): void {
    writeOut(text);
  }

  get size(): Size {
    return terminalSize() ?? USUAL;
  }

  /** Gives all back. It says nothing of a terminal that is gone. */
  [Symbol.dispose](): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    for (const giveBack of [() => this.write(LEAVE), () => Deno.stdin.setRaw(false)]) {
      try {
        giveBack();
      } catch {
        // It was closed: nobody is left to see it.
      }
    }
  }
}

/** Size of the terminal at standard output; undefined where it is none, or does not tell. */
export function terminalSize(): Size | undefined {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes all of it to standard output. @throws {Error} If nobody reads it any more. */
export function writeOut(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
