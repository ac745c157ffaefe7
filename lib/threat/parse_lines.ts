import { ListDraft, type ListParser, type ParsedList } from "./parsed_list.ts";
import { LENGTH_AT, scanPrefix } from "./scan_prefix.ts";

/** No entry of any feed is near it; a line beyond it is skipped without being kept. */
const LONGEST_LINE = 4096;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const BRACE = 0x7b;
/** 1 for each byte that an address or a prefix may have. */
const PREFIX_BYTES = new Uint8Array(0x80);
for (const byte of new TextEncoder().encode("0123456789abcdefABCDEF.:/")) PREFIX_BYTES[byte] = 1;

/**
 * Reads one entry a line: addresses and prefixes, `#` and `;` comments, blank lines, any line ends.
 * A byte order mark counts as blank.
 */
export class LineListParser implements ListParser {
  readonly #draft = new ListDraft();
  readonly #takesJson: boolean;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The beginning of a line whose end is still to come. */
  readonly #begun = new Uint8Array(LONGEST_LINE);
  readonly #words = new Uint32Array(LENGTH_AT + 1);
  #begunLength = 0;
  #isTooLong = false;
  #hasObjects = false;
  #endedWithReturn = false;
  #line = 1;

  /** @param options With `jsonLines` a line may be a JSON object with a `cidr`, as Spamhaus has it. */
  constructor(options: { readonly jsonLines: boolean }) {
    this.#takesJson = options.jsonLines;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) continue;
      const isSecondHalf = byte === LINE_FEED && this.#endedWithReturn && at === from;
      this.#endedWithReturn = byte === CARRIAGE_RETURN;
      if (!isSecondHalf) {
        this.#endLine(chunk, from, at);
        this.#line++;
      }
      from = at + 1;
    }
    if (from < chunk.length) {
      this.#endedWithReturn = false;
      this.#keep(chunk, from, chunk.length);
    }
  }

  end(): ParsedList {
    this.#endLine(new Uint8Array(), 0, 0);
    return this.#draft.finish(this.#hasObjects ? "drop" : "plain");
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const room = LONGEST_LINE - this.#begunLength;
    if (to - from > room) this.#isTooLong = true;
    this.#begun.set(chunk.subarray(from, Math.min(to, from + room)), this.#begunLength);
    this.#begunLength += Math.min(to - from, room);
  }

  #endLine(chunk: Uint8Array, from: number, to: number): void {
    if (this.#begunLength === 0 && to - from <= LONGEST_LINE) {
      this.#takeLine(chunk, from, to, false);
      return;
    }
    this.#keep(chunk, from, to);
    this.#takeLine(this.#begun, 0, this.#begunLength, this.#isTooLong);
    this.#begunLength = 0;
    this.#isTooLong = false;
  }

  #takeLine(bytes: Uint8Array, from: number, to: number, isTooLong: boolean): void {
    const begin = skipBlanks(bytes, from, to);
    if (isEnd(bytes, begin, to)) return;
    if (isTooLong) return this.#skipLong(bytes, begin, to);
    if (this.#takePlain(bytes, begin, to)) return;
    const isObject = bytes[begin] === BRACE && this.#takesJson;
    // Millions of bad lines would take longer than as many good ones.
    if (this.#draft.hasAllExamples && !isObject && isForeign(bytes, begin, to)) {
      return this.#draft.skipUnread();
    }
    const text = this.#decoder.decode(bytes.subarray(begin, to));
    if (isObject) return this.#takeObject(text);
    const entry = text.replace(/[#;][^]*$/, "").trim();
    if (entry !== "") this.#draft.take(entry, this.#line);
  }

  /** Takes a line that is an address or a prefix in one of the usual forms. */
  #takePlain(bytes: Uint8Array, from: number, to: number): boolean {
    const words = this.#words;
    const scanned = scanPrefix(bytes, from, to, words);
    if (scanned === undefined || !isEnd(bytes, skipBlanks(bytes, scanned.end, to), to)) {
      return false;
    }
    this.#draft.add(scanned.width, words, words[LENGTH_AT]!);
    return true;
  }

  #skipLong(bytes: Uint8Array, from: number, to: number): void {
    const text = this.#decoder.decode(bytes.subarray(from, to));
    // Behind a byte order mark a comment may begin, of which any length is fine.
    if (/^\s*[#;]/.test(text)) return;
    this.#draft.skip(text, this.#line, "line longer than 4096 bytes");
  }

  #takeObject(text: string): void {
    const object = parseObject(text);
    if (typeof object?.cidr === "string") {
      this.#hasObjects = true;
      return this.#draft.take(object.cidr.trim(), this.#line);
    }
    // Spamhaus ends its file with one object about the file.
    if (object?.type === "metadata") return;
    this.#draft.skip(text, this.#line, "no JSON object with a cidr");
  }
}

/** The object that a line is, if it is one. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    // What is wrong with it does not matter: the line is told.
    return undefined;
  }
}

function skipBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at;
}

/** Whether an entry has an ASCII character that no address or prefix has. */
function isForeign(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === HASH || byte === SEMICOLON) return false;
    if (byte > SPACE && byte < 0x80 && PREFIX_BYTES[byte] === 0) return true;
  }
  return false;
}

function isEnd(bytes: Uint8Array, at: number, to: number): boolean {
  return at >= to || bytes[at] === HASH || bytes[at] === SEMICOLON;
}
