import { entriesOf } from "./prefix_set.ts";
import type { ParsedList } from "./parsed_list.ts";

/** Largest list that is read, in bytes after decompression. */
export const MOST_BYTES = 64 * 2 ** 20;

/** Time for the whole answer of a server, from the request to the last byte, in milliseconds. */
export const ANSWER_DEADLINE_MS = 15_000;

/** What a server gave with a good answer, to ask later whether it still holds. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** What came of reading a source once. */
export type FeedAnswer =
  | { readonly outcome: "read"; readonly list: ParsedList; readonly validators: Validators }
  /** What the validators belong to still holds. */
  | { readonly outcome: "unchanged" };

/** One place that a list is read from. */
export interface FeedSource {
  /** The flag that names it: what the log and the cache call it by. */
  readonly flag: string;
  /** Where it is, as the flag says. */
  readonly origin: string;
  /**
   * Reads all of it.
   *
   * @param validators Of the last good answer, where there was one.
   * @throws {FeedError} If it cannot be read, or is nothing that can be matched against.
   */
  read(validators: Validators | undefined, signal: AbortSignal): Promise<FeedAnswer>;
}

/** A list that could not be read; the message is one line. */
export class FeedError extends Error {
  override readonly name = "FeedError";
}

/** @throws {FeedError} If the list has no entry: then it is broken, or no list. */
export function refuseEmpty(list: ParsedList): ParsedList {
  if (entriesOf(list.set) > 0) return list;
  const first = list.examples[0];
  const example = first === undefined ? "" : `, such as line ${first.line}: ${first.reason}`;
  const refused = list.tooWide === 0 ? "" : `; refused: ${refusedOf(list)}`;
  throw new FeedError(
    `Cannot use the list: it has no valid entry, ${list.skipped} bad ones${example}${refused}`,
  );
}

/** The prefixes that are too wide, by name; of very many the first ones. */
export function refusedOf({ widest, tooWide }: ParsedList): string {
  const names = widest.map(({ text }) => text).join(" ");
  return tooWide > widest.length ? `${names} and ${tooWide - widest.length} more` : names;
}

/** Counts the bytes of a list. */
export class ByteLimit {
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws {FeedError} If it is one byte too many. */
  take(count: number): void {
    this.#bytes += count;
    if (this.#bytes <= this.#most) return;
    throw new FeedError(`Cannot use the list: it is larger than ${shownBytes(this.#most)}`);
  }
}

function shownBytes(bytes: number): string {
  return bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes} bytes`;
}
