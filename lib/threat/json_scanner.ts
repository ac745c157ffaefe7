import { ListFormatError } from "./parsed_list.ts";

/** What a scanner finds, in the order of the text. Depth 1 is inside the outermost value. */
export interface JsonEvents {
  /** An object or an array begins; the depth counts it. */
  open(kind: "object" | "array", depth: number): void;
  /** The name of the next value of the object at this depth. */
  key(name: string, depth: number): void;
  /** A string inside the value at this depth. */
  string(text: string, depth: number): void;
}

const DEEPEST = 64;
/** Longer strings come out cut: none that is looked for is near it. */
const LONGEST_STRING = 512;
const LONGEST_WORD = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** What may come next. */
type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end";

/**
 * Reads one JSON text piece by piece, in memory that depends neither on its length nor on that of
 * its strings. It takes what RFC 8259 calls JSON, to a depth of 64.
 */
export class JsonScanner {
  readonly #events: JsonEvents;
  /** Closing characters of what is open. */
  readonly #open: ("}" | "]")[] = [];
  #expected: Expected = "value";
  /** Characters of the string or word that is being read; undefined between them. */
  #string: string | undefined;
  #word = "";
  #isEscaped = false;
  #hasEscapes = false;

  constructor(events: JsonEvents) {
    this.#events = events;
  }

  /** Whether the outermost value has ended. */
  get isComplete(): boolean {
    return this.#open.length === 0 && this.#expected === "comma or end" && this.#word === "";
  }

  /** @throws {ListFormatError} If the text is not JSON. */
  push(text: string): void {
    for (let at = 0; at < text.length;) {
      at = this.#string === undefined ? this.#structure(text, at) : this.#inString(text, at);
    }
  }

  /** @throws {ListFormatError} If the text ends too early. */
  end(): void {
    this.#endWord();
    if (!this.isComplete) throw new ListFormatError("Cannot read the list: its JSON is cut off");
  }

  #structure(text: string, at: number): number {
    const character = text.charAt(at);
    if (/[\w+.-]/.test(character)) {
      this.#word += character;
      if (this.#word.length > LONGEST_WORD) this.#fail();
      return at + 1;
    }
    this.#endWord();
    switch (character) {
      case " ":
      case "\t":
      case "\n":
      case "\r":
        break;
      case "{":
        this.#begin("}", "key or end");
        break;
      case "[":
        this.#begin("]", "value or end");
        break;
      case "}":
      case "]":
        this.#close(character);
        break;
      case ",":
        if (this.#expected !== "comma or end" || this.#open.length === 0) this.#fail();
        this.#expected = this.#open.at(-1) === "}" ? "key" : "value";
        break;
      case ":":
        if (this.#expected !== "colon") this.#fail();
        this.#expected = "value";
        break;
      case '"':
        if (!this.#expected.startsWith("key")) this.#beforeValue();
        this.#string = "";
        break;
      default:
        this.#fail();
    }
    return at + 1;
  }

  #inString(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code < 0x20) this.#fail();
      if (this.#isEscaped) {
        this.#isEscaped = false;
        continue;
      }
      if (code === BACKSLASH) {
        this.#isEscaped = true;
        this.#hasEscapes = true;
      } else if (code === QUOTE) {
        this.#keep(text, from, at);
        this.#endString();
        return at + 1;
      }
    }
    this.#keep(text, from, at);
    return at;
  }

  #keep(text: string, from: number, to: number): void {
    const kept = this.#string ?? "";
    if (kept.length < LONGEST_STRING) {
      this.#string = kept + text.slice(from, Math.min(to, from + LONGEST_STRING - kept.length));
    }
  }

  #endString(): void {
    let text = this.#string ?? "";
    if (this.#hasEscapes && text.length < LONGEST_STRING) text = this.#unescape(text);
    this.#string = undefined;
    this.#hasEscapes = false;
    const depth = this.#open.length;
    if (this.#expected.startsWith("key")) {
      this.#events.key(text, depth);
      this.#expected = "colon";
    } else {
      this.#events.string(text, depth);
      this.#expected = "comma or end";
    }
  }

  #unescape(text: string): string {
    try {
      return String(JSON.parse(`"${text}"`));
    } catch {
      return this.#fail();
    }
  }

  #endWord(): void {
    if (this.#word === "") return;
    this.#beforeValue();
    if (!WORD.test(this.#word)) this.#fail();
    this.#word = "";
    this.#expected = "comma or end";
  }

  #begin(end: "}" | "]", expected: Expected): void {
    this.#beforeValue();
    if (this.#open.length === DEEPEST) this.#fail();
    this.#open.push(end);
    this.#expected = expected;
    this.#events.open(end === "}" ? "object" : "array", this.#open.length);
  }

  #close(end: "}" | "]"): void {
    const mayEnd = this.#expected === "comma or end" ||
      this.#expected === (end === "}" ? "key or end" : "value or end");
    if (!mayEnd || this.#open.pop() !== end) this.#fail();
    this.#expected = "comma or end";
  }

  #beforeValue(): void {
    if (this.#expected !== "value" && this.#expected !== "value or end") this.#fail();
  }

  #fail(): never {
    throw new ListFormatError("Cannot read the list: it is not JSON");
  }
}
