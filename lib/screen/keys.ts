/** A key: a printable character, or a name of several letters. */
export type Key = string;

/** What terminals send for keys that are no characters (xterm, rxvt, the Linux console, VT220). */
const SEQUENCES: Readonly<Record<string, Key>> = {
  ...{ "[A": "up", "[B": "down", "[C": "right", "[D": "left", "[H": "home", "[F": "end" },
  ...{ "OA": "up", "OB": "down", "OC": "right", "OD": "left", "OH": "home", "OF": "end" },
  ...{ "[1~": "home", "[7~": "home", "[4~": "end", "[8~": "end", "[3~": "delete" },
  ...{ "[5~": "pageUp", "[6~": "pageDown", "OM": "enter" },
};
const CONTROLS: Readonly<Record<string, Key>> = {
  ...{ "\r": "enter", "\n": "enter", "\b": "backspace", "\x7f": "backspace", "\t": "tab" },
  ...{ "\x03": "interrupt", "\x0c": "redraw", "\x15": "clear", "\x17": "clearWord" },
};
/** A whole control sequence (ECMA-48, 5.4) or a function key with a third character. */
// deno-lint-ignore no-control-regex
const WHOLE = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~])/;
/** The beginning of one. */
// deno-lint-ignore no-control-regex
const BEGUN = /^\x1b(?:\[[0-?]*[ -/]*|O)?$/;
// deno-lint-ignore no-control-regex
const CONTROL = /^[\x00-\x1f\x7f-\x9f]$/;
/** No key sends more; what is longer is noise. */
const LONGEST = 32;

/** Makes keys of what a terminal sends, which may come in pieces. */
export class KeyDecoder {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** Whether an Escape came that may be the beginning of more: {@link flush} tells that it is not. */
  get isWaiting(): boolean {
    return this.#rest !== "";
  }

  /** Takes in what was sent. */
  push(bytes: Uint8Array): Key[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    return this.#take(false);
  }

  /** Nothing more came for a while: what waits is whole. */
  flush(): Key[] {
    return this.#take(true);
  }

  #take(isWhole: boolean): Key[] {
    const keys: Key[] = [];
    while (this.#rest !== "") {
      const [sequence] = WHOLE.exec(this.#rest) ?? [];
      if (sequence !== undefined) {
        const key = SEQUENCES[sequence.slice(1)];
        // An unknown key is none at all: its letters are not the user's.
        if (key !== undefined) keys.push(key);
        this.#rest = this.#rest.slice(sequence.length);
        continue;
      }
      if (!isWhole && this.#rest.length < LONGEST && BEGUN.test(this.#rest)) break;
      const character = String.fromCodePoint(this.#rest.codePointAt(0) ?? 0);
      this.#rest = this.#rest.slice(character.length);
      if (character === "\x1b") keys.push("escape");
      else if (!CONTROL.test(character)) keys.push(character);
      else if (Object.hasOwn(CONTROLS, character)) keys.push(CONTROLS[character] ?? "");
    }
    return keys;
  }
}
