import { familyHeader, formatValue } from "./exposition.ts";
import type { Family } from "./family.ts";
import type { Sample } from "./sample.ts";

/** The samples of some families, each one's in groups that different parts of the program made. */
export type FamilySamples = ReadonlyMap<Family, readonly (readonly Sample[])[]>;

const ENCODER = new TextEncoder();
const SPACE = 0x20;
const LINE_FEED = 0x0a;
/** More than any number has as text. */
const LONGEST_VALUE = 32;

/**
 * Writes a page in the text format straight into bytes, family by family, each one's header and then
 * all of its series together ("Grouping and sorting"). Names and labels are copied as the bytes that
 * they were rendered to once, so that a page leaves next to no garbage.
 */
export class PageWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expectedBytes Length of the page, as far as it is known: a longer one costs copies. */
  constructor(expectedBytes = 64 * 1024) {
    this.#bytes = new Uint8Array(expectedBytes);
  }

  /**
   * Writes families. One without samples is left out, unless `emptyHeaders` keeps its header, which
   * says that the program knows the family but has no value for it.
   */
  write(families: FamilySamples, options: { readonly emptyHeaders: boolean }): void {
    for (const [family, groups] of families) {
      if (!options.emptyHeaders && groups.every((samples) => samples.length === 0)) continue;
      this.#append(ENCODER.encode(familyHeader(family)));
      const name = ENCODER.encode(family.name);
      for (const samples of groups) {
        for (const sample of samples) this.#appendSample(name, sample);
      }
    }
  }

  /** The page so far, as a view of a buffer of its own; write no more after it. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #appendSample(name: Uint8Array, { labels, value }: Sample): void {
    this.#reserve(name.length + labels.bytes.length + LONGEST_VALUE);
    const bytes = this.#bytes;
    bytes.set(name, this.#length);
    let at = this.#length + name.length;
    bytes.set(labels.bytes, at);
    at += labels.bytes.length;
    bytes[at++] = SPACE;
    const text = formatValue(value);
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    bytes[at++] = LINE_FEED;
    this.#length = at;
  }

  #append(chunk: Uint8Array): void {
    this.#reserve(chunk.length);
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, Math.ceil(this.#bytes.length * 1.5)));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
