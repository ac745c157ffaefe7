import { FairTurns } from "./fair_turns.ts";
import { ByteLimit, FeedError, type FeedSource, MOST_BYTES, refuseEmpty } from "./feed_source.ts";
import { parserOf } from "./list_parser.ts";
import { ListFormatError, type ParsedList } from "./parsed_list.ts";

const PIECE = 64 * 1024;

/** How a file is read. */
export interface FileOptions {
  readonly flag: string;
  readonly path: string;
  readonly format: Parameters<typeof parserOf>[0];
  readonly mostBytes?: number;
  /** Milliseconds of a clock that never steps. */
  readonly now?: () => number;
}

/** A list that is a local file. */
export function fileSource(options: FileOptions): FeedSource {
  return {
    flag: options.flag,
    origin: options.path,
    async read(_validators, signal) {
      return {
        outcome: "read",
        list: refuseEmpty(await readListFile(options, signal)),
        validators: {},
      };
    },
  };
}

/**
 * Reads a file as a list, empty or not.
 *
 * @throws {FeedError} If it cannot be read; pipes and devices, which may never end, are refused.
 */
export async function readListFile(
  { path, format, mostBytes = MOST_BYTES, now }: Omit<FileOptions, "flag">,
  signal: AbortSignal,
): Promise<ParsedList> {
  try {
    // Opening a pipe would already wait for its other end.
    if (!(await Deno.stat(path)).isFile) throw new FeedError("Cannot read the list: it is no file");
    using file = await Deno.open(path);
    const parser = parserOf(format);
    const limit = new ByteLimit(mostBytes);
    const turns = new FairTurns({ signal, now });
    const piece = new Uint8Array(PIECE);
    for (let count = await file.read(piece); count !== null; count = await file.read(piece)) {
      limit.take(count);
      parser.push(piece.subarray(0, count));
      await turns.afterPiece();
    }
    return parser.end();
  } catch (error) {
    if (error instanceof FeedError) throw error;
    if (error instanceof ListFormatError) throw new FeedError(error.message);
    const text = error instanceof Error ? error.message : String(error);
    throw new FeedError(`Cannot read the list: ${text.replace(/\s+/g, " ")}`);
  }
}
