/** The place of a number that changes: the one at this index of the values that fill a block. */
export class Hole {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** A value whose numbers may be holes. */
export type WithHoles<T> = T extends number | null ? T | Hole
  : T extends string | boolean ? T
  : T extends readonly (infer Item)[] ? readonly WithHoles<Item>[]
  : { readonly [Key in keyof T]: WithHoles<T[Key]> };

/** Numbers from here on are not shown: nothing that is measured comes near, and they need more room. */
const LIMIT = 1e15;
/** Numbers from here on have no decimals. */
const WITHOUT_DECIMALS = 1e12;
const BILLION = 1e9;
/** Room of each number: 15 digits, or 12 with a point and two more. */
const WIDTH = 15;
const NULL = "null";
const SPACE = 0x20;
const ZERO = 0x30;
const POINT = 0x2e;

const ENCODER = new TextEncoder();

/**
 * JSON that is rendered once and whose numbers are then written in place, blanks before them, and only
 * those that changed. A snapshot of 500 instances is a megabyte in each cycle: made of objects it would
 * cost nearly as much time as all metrics together.
 */
export class JsonBlock {
  /** The JSON as it stands. */
  readonly bytes: Uint8Array;
  /** Behind the last byte of each number. */
  readonly #ends: Int32Array;
  readonly #written: Float64Array;

  /**
   * @param value It has one hole for each index below `holes`.
   * @param options.isOpen Whether the last brace is left out, since more is written behind it.
   */
  constructor(value: unknown, holes: number, { isOpen = false } = {}) {
    const parts: Uint8Array[] = [];
    let length = 0;
    const append = (json: string) => {
      const part = ENCODER.encode(json);
      parts.push(part);
      length += part.length;
    };
    this.#ends = new Int32Array(holes);
    this.#written = new Float64Array(holes).fill(NaN);
    write(value, {
      text: append,
      hole: ({ index }) => {
        append(NULL.padStart(WIDTH));
        this.#ends[index] = length;
      },
    });
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.bytes = isOpen ? bytes.subarray(0, -1) : bytes;
  }

  /** Writes numbers into their holes: none below 0, with at most two decimals, null for NaN. */
  fill(values: Float64Array): void {
    const written = this.#written;
    for (let index = 0; index < written.length; index++) {
      const value = values[index]!;
      const before = written[index]!;
      if (value === before || (value !== value && before !== before)) continue;
      written[index] = value;
      this.#write(value, this.#ends[index]!);
    }
  }

  #write(value: number, end: number): void {
    const bytes = this.bytes;
    let at = end;
    if (!(value >= 0 && value < LIMIT)) {
      for (let index = NULL.length; index > 0;) bytes[--at] = NULL.charCodeAt(--index);
    } else if (value >= WITHOUT_DECIMALS) {
      at = this.#digits(Math.round(value), at);
    } else {
      const hundredths = Math.round(100 * value);
      const whole = Math.floor(hundredths / 100);
      const decimals = hundredths - 100 * whole;
      if (decimals !== 0) {
        const tens = (decimals / 10) | 0;
        if (decimals !== 10 * tens) bytes[--at] = ZERO + decimals - 10 * tens;
        bytes[--at] = ZERO + tens;
        bytes[--at] = POINT;
      }
      at = this.#digits(whole, at);
    }
    while (at > end - WIDTH) bytes[--at] = SPACE;
  }

  /** Writes the digits of a whole number so that they end at `end`; answers where they begin. */
  #digits(value: number, end: number): number {
    const bytes = this.bytes;
    let at = end;
    let rest = value;
    if (value >= BILLION) {
      // Whole numbers of 32 bits are divided much faster than floats.
      const high = Math.floor(value / BILLION);
      let low = (value - high * BILLION) | 0;
      while (at > end - 9) {
        const next = (low / 10) | 0;
        bytes[--at] = ZERO + low - 10 * next;
        low = next;
      }
      rest = high;
    }
    let low = rest | 0;
    do {
      const next = (low / 10) | 0;
      bytes[--at] = ZERO + low - 10 * next;
      low = next;
    } while (low > 0);
    return at;
  }
}

interface Output {
  text(json: string): void;
  hole(hole: Hole): void;
}

function write(value: unknown, output: Output): void {
  if (value instanceof Hole) return output.hole(value);
  if (typeof value !== "object" || value === null) return output.text(JSON.stringify(value));
  const isList = Array.isArray(value);
  output.text(isList ? "[" : "{");
  Object.entries(value).forEach(([name, each], at) => {
    if (at > 0) output.text(",");
    if (!isList) output.text(`${JSON.stringify(name)}:`);
    write(each, output);
  });
  output.text(isList ? "]" : "}");
}
