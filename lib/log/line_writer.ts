import { within } from "../within.ts";

/** Where lines end up; one write at a time. */
export interface LineTarget {
  /** Writes all bytes, or rejects. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Most lines that wait for a target that does not take them. */
const MOST_WAITING = 2000;
const encoder = new TextEncoder();

/**
 * Writes lines in order, in the background: who logs never waits for a disk or a pipe, and never
 * hears of their errors. When too many lines wait, the newest are dropped and counted.
 */
export class LineWriter {
  readonly #target: LineTarget;
  readonly #describeDropped: (count: number) => string;
  #waiting: string[] = [];
  #dropped = 0;
  #running: Promise<void> | undefined;

  /** @param describeDropped Makes the line that stands for lines left out. */
  constructor(target: LineTarget, describeDropped: (count: number) => string) {
    this.#target = target;
    this.#describeDropped = describeDropped;
  }

  /** Takes a line that ends with a newline. */
  write(line: string): void {
    if (this.#waiting.length >= MOST_WAITING) this.#dropped++;
    else this.#waiting.push(line);
    this.#running ??= this.#run();
  }

  /** Resolves when every line taken so far is written, or after `deadlineMs`. */
  async flush(deadlineMs: number): Promise<void> {
    if (this.#running === undefined) return;
    await within(this.#running, deadlineMs, undefined);
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      let text = this.#waiting.join("");
      if (this.#dropped > 0) text += this.#describeDropped(this.#dropped);
      this.#waiting = [];
      this.#dropped = 0;
      try {
        await this.#target.write(encoder.encode(text));
      } catch {
        // There is nobody left to tell: a target that can tell somebody does so itself.
      }
    }
    this.#running = undefined;
  }
}
