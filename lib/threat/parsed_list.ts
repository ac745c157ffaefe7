import type { ListFormat } from "./lists.ts";
import { isTooWide, parsePrefix, type Refusal } from "./parse_prefix.ts";
import { type PrefixSet, PrefixSetBuilder } from "./prefix_set.ts";
import { LENGTH_AT, scanPrefix } from "./scan_prefix.ts";

/** What was left out, and where it stood. */
export interface Skipped {
  /** From 1. */
  readonly line: number;
  /** At most 120 characters of it. */
  readonly text: string;
  readonly reason: Refusal;
}

/** A list that was read to its end. */
export interface ParsedList {
  readonly set: PrefixSet;
  /** What its entries are written as, whatever it was read as. */
  readonly kind: ListFormat;
  /** Addresses and prefixes that were read, repeated ones too. */
  readonly read: number;
  /** Bad entries that were left out. */
  readonly skipped: number;
  /** The first of them. */
  readonly examples: readonly Skipped[];
  /** Entries left out since their prefix is too wide; they are among the skipped ones. */
  readonly tooWide: number;
  /** The first of those, which are always told by name. */
  readonly widest: readonly Skipped[];
}

/** Reads a list piece by piece, in memory that does not grow with what is no entry. */
export interface ListParser {
  /**
   * Takes the next bytes of the list, which are not kept.
   *
   * @throws {ListFormatError} If the rest cannot be understood either.
   */
  push(chunk: Uint8Array): void;
  /**
   * Takes the end of the list.
   *
   * @throws {ListFormatError} If it cannot be the end.
   */
  end(): ParsedList;
}

/** A list that cannot be understood as a whole; one line that ends "Cannot read the list: ". */
export class ListFormatError extends Error {
  override readonly name = "ListFormatError";
}

/** Most addresses and prefixes of one source, repeated ones too: what memory the lists take is bounded. */
const MOST_ENTRIES = 2_000_000;
const MOST_EXAMPLES = 20;
const LONGEST_EXAMPLE = 120;
/** Room for any address with its length. */
const LONGEST_PREFIX = 64;
const encoder = new TextEncoder();

/** Gathers the entries of a list while it is read. */
export class ListDraft {
  readonly #builder = new PrefixSetBuilder();
  readonly #bytes = new Uint8Array(LONGEST_PREFIX);
  readonly #words = new Uint32Array(LENGTH_AT + 1);
  readonly #examples: Skipped[] = [];
  readonly #widest: Skipped[] = [];
  #read = 0;
  #skipped = 0;
  #tooWide = 0;

  /** Whether only the number of bad entries of a line still counts, and no more their text. */
  get hasAllExamples(): boolean {
    return this.#examples.length === MOST_EXAMPLES;
  }

  /** Counts an entry that is no address or prefix, once there are examples enough. */
  skipUnread(): void {
    this.#skipped++;
  }

  /**
   * Takes the text of an entry, or counts it as skipped.
   *
   * @throws {ListFormatError} If it is one entry too many.
   */
  take(text: string, line: number): void {
    const { read, written } = encoder.encodeInto(text, this.#bytes);
    const words = this.#words;
    const scanned = scanPrefix(this.#bytes, 0, written, words);
    if (scanned?.end === written && read === text.length) {
      return this.add(scanned.width, words, words[LENGTH_AT]!);
    }
    const prefix = parsePrefix(text);
    if (typeof prefix === "string") return this.skip(text, line, prefix);
    this.add(prefix.width, prefix.words, prefix.length);
  }

  /**
   * Takes an entry.
   *
   * @throws {ListFormatError} If it is one too many.
   */
  add(width: 1 | 4, words: Uint32Array, length: number): void {
    if (this.#read === MOST_ENTRIES) {
      throw new ListFormatError(`Cannot read the list: it has more than ${MOST_ENTRIES} entries`);
    }
    this.#read++;
    this.#builder.add(width, words, 0, length);
  }

  skip(text: string, line: number, reason: Refusal): void {
    this.#skipped++;
    if (this.hasAllExamples && !isTooWide(reason)) return;
    const example = { line, text: text.slice(0, LONGEST_EXAMPLE), reason };
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push(example);
    if (!isTooWide(reason)) return;
    this.#tooWide++;
    if (this.#widest.length < MOST_EXAMPLES) this.#widest.push(example);
  }

  /** @param kind What the entries are written as. */
  finish(kind: ListFormat): ParsedList {
    return {
      kind,
      set: this.#builder.build(),
      read: this.#read,
      skipped: this.#skipped,
      examples: this.#examples,
      tooWide: this.#tooWide,
      widest: this.#widest,
    };
  }
}
