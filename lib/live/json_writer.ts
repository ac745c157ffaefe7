const ENCODER = new TextEncoder();

/** Puts pieces of JSON together as bytes. */
export class JsonWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expectedBytes Length of the text, as far as it is known: a longer one costs copies. */
  constructor(expectedBytes = 64 * 1024) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  /** Appends JSON that is text. */
  text(json: string): void {
    // A UTF-16 unit has at most three bytes.
    this.#reserve(3 * json.length);
    const { written } = ENCODER.encodeInto(json, this.#bytes.subarray(this.#length));
    this.#length += written;
  }

  /** Appends JSON that is bytes. */
  append(json: Uint8Array): void {
    this.#reserve(json.length);
    this.#bytes.set(json, this.#length);
    this.#length += json.length;
  }

  /** The text so far, as a view of a buffer of its own; write no more after it. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, Math.ceil(this.#bytes.length * 1.5)));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
