import { JsonScanner } from "./json_scanner.ts";
import { ListDraft, type ListParser, type ParsedList } from "./parsed_list.ts";

/**
 * Reads a details document of Onionoo: the `or_addresses` of each of its `relays`, such as
 * `1.2.3.4:9001` and `[2001:db8::1]:9001`. Bridges are left alone: their addresses are made up.
 * (https://metrics.torproject.org/onionoo.html, "Details documents")
 */
export class OnionooParser implements ListParser {
  readonly #draft = new ListDraft();
  readonly #decoder = new TextDecoder();
  readonly #scanner: JsonScanner;
  /** Kind of what is open at each depth, and in objects the name of the value that is read. */
  readonly #path: string[] = [];
  #line = 1;

  constructor() {
    this.#scanner = new JsonScanner({
      open: (kind, depth) => {
        this.#path.length = depth - 1;
        this.#path.push(kind === "array" ? "[]" : "{}");
      },
      key: (name, depth) => this.#path[depth - 1] = `{}${name}`,
      string: (text, depth) => {
        const [document, relays, relay, addresses] = this.#path;
        if (
          depth === 4 && document === "{}relays" && relays === "[]" &&
          relay === "{}or_addresses" && addresses === "[]"
        ) this.#draft.take(withoutPort(text), this.#line);
      },
    });
  }

  push(chunk: Uint8Array): void {
    // Line by line, so that an entry that is left out can be told by its line.
    for (const part of this.#decoder.decode(chunk, { stream: true }).split(/(?<=\n)/)) {
      this.#scanner.push(part);
      if (part.endsWith("\n")) this.#line++;
    }
  }

  end(): ParsedList {
    this.#scanner.push(this.#decoder.decode());
    this.#scanner.end();
    return this.#draft.finish("onionoo");
  }
}

function withoutPort(text: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*)):\d{1,5}$/.exec(text) ?? [];
  return bracketed ?? plain ?? text;
}
