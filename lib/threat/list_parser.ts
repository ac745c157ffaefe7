import type { ListFormat } from "./lists.ts";
import { LineListParser, parseObject } from "./parse_lines.ts";
import { OnionooParser } from "./parse_onionoo.ts";
import type { ListParser, ParsedList } from "./parsed_list.ts";

/** What a list can be read as; `auto` goes by how it begins. */
export const LIST_FORMATS = ["auto", "plain", "onionoo", "drop"] as const satisfies readonly (
  | ListFormat
  | "auto"
)[];

/** Makes a parser for one reading of a list. Every format takes plain lines too. */
export function parserOf(format: (typeof LIST_FORMATS)[number]): ListParser {
  switch (format) {
    case "plain":
      return new LineListParser({ jsonLines: false });
    case "drop":
      return new LineListParser({ jsonLines: true });
    case "onionoo":
      return new ByBeginning((text) => text.startsWith("{") ? new OnionooParser() : lines());
    case "auto":
      return new ByBeginning((text) => isDocument(text) ? new OnionooParser() : lines());
  }
}

function lines(): ListParser {
  return new LineListParser({ jsonLines: true });
}

const ENOUGH = 4096;

/** Chooses the parser by the first line that is not blank. */
class ByBeginning implements ListParser {
  readonly #choose: (text: string) => ListParser;
  readonly #begun: Uint8Array[] = [];
  #length = 0;
  #parser: ListParser | undefined;

  constructor(choose: (text: string) => ListParser) {
    this.#choose = choose;
  }

  push(chunk: Uint8Array): void {
    if (this.#parser !== undefined) return this.#parser.push(chunk);
    this.#begun.push(chunk.slice());
    this.#length += chunk.length;
    if (this.#length >= ENOUGH || /[\r\n]/.test(this.#text())) this.#begin();
  }

  end(): ParsedList {
    return (this.#parser ?? this.#begin()).end();
  }

  /** What came so far, without a byte order mark and blanks at its beginning. */
  #text(): string {
    return new TextDecoder().decode(concat(this.#begun)).trimStart();
  }

  #begin(): ListParser {
    const parser = this.#parser = this.#choose(this.#text());
    for (const chunk of this.#begun.splice(0)) parser.push(chunk);
    return parser;
  }
}

/** One JSON document, and not one object a line. */
function isDocument(text: string): boolean {
  if (!text.startsWith("{")) return false;
  const object = parseObject(text.split(/[\r\n]/, 1)[0] ?? "");
  return object === undefined || !("cidr" in object || "type" in object);
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
