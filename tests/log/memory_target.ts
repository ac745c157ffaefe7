import type { LineTarget } from "../../lib/log/line_writer.ts";

/** Keeps what is written as text. */
export class MemoryTarget implements LineTarget {
  text = "";

  write(bytes: Uint8Array): Promise<void> {
    this.text += new TextDecoder().decode(bytes);
    return Promise.resolve();
  }

  /** The lines so far without their times, which change. */
  get lines(): string[] {
    return this.text.split("\n").slice(0, -1).map((line) => line.replace(/^ts=\S+ /, ""));
  }
}
