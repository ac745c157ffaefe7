import { unusable } from "./ovsdb_error.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSE: ReadonlySet<number> = new Set([0x5d, 0x7d]);
const SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Deeper than any message of RFC 7047. */
const DEEPEST = 64;

/**
 * Cuts a stream of JSON objects that follow each other without a separator, which is how OVSDB talks,
 * into the objects. Keeps no more than one message, up to a limit.
 */
export class JsonFramer {
  readonly #longest: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;

  /** @param longest Bytes of the longest message that is taken. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /**
   * The messages that end in this piece of the stream, parsed.
   *
   * @throws {OvsdbError} If it cannot be a message, or is too long or too deep: the stream is of no
   * use any more.
   */
  *push(piece: Uint8Array): Generator<unknown> {
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      if (!this.#ends(piece[at]!)) {
        if (this.#depth === 0) start = at + 1;
        continue;
      }
      this.#keep(piece.subarray(start, at + 1));
      start = at + 1;
      yield this.#take();
    }
    if (this.#depth > 0) this.#keep(piece.slice(start));
  }

  /** Whether a message ends with this byte. */
  #ends(byte: number): boolean {
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (OPEN.has(byte)) {
      if (++this.#depth > DEEPEST) throw unusable(`it is nested deeper than ${DEEPEST}`);
      return false;
    }
    if (this.#depth === 0) {
      if (SPACE.has(byte)) return false;
      throw unusable("it is no JSON object");
    }
    if (byte === QUOTE) this.#inString = true;
    return CLOSE.has(byte) && --this.#depth === 0;
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#longest) {
      throw unusable(`a message has more than ${this.#longest} bytes`);
    }
    this.#parts.push(part);
  }

  #take(): unknown {
    const parts = this.#parts;
    this.#parts = [];
    this.#length = 0;
    const text = textOf(parts);
    try {
      return JSON.parse(text);
    } catch {
      throw unusable("it is no JSON");
    }
  }
}

/** Text of a message, whose last byte is a bracket: no character is unfinished after it. */
function textOf(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return parts.map((part) => decoder.decode(part, { stream: true })).join("");
  } catch {
    throw unusable("it is no UTF-8");
  }
}
