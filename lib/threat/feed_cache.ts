import { createHash } from "node:crypto";
import type { Validators } from "./feed_source.ts";
import { LineListParser } from "./parse_lines.ts";
import { formatPrefix } from "./parse_prefix.ts";
import type { PrefixSet } from "./prefix_set.ts";

/** A good reading of a source. */
export interface GoodReading {
  readonly set: PrefixSet;
  readonly validators: Validators;
  /** When it was known to hold, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** First words of a file; another number would be another form. */
const MAGIC = "# openstack_instance_exporter threat cache 1 ";
const LINES_A_PIECE = 4096;
/** Above what any list of 64 MiB can become here. */
const MOST_BYTES = 512 * 2 ** 20;
const encoder = new TextEncoder();

/**
 * Keeps the last good reading of each source in a folder, one file each: a list as the program reads
 * them, with what it came from in its first line and a checksum in its last. A file takes its place
 * only when it is whole on disk.
 */
export class FeedCache {
  readonly #folder: string;

  /** @param folder Is made when it is not there. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The last good reading of a source; undefined where there is none of this origin.
   *
   * @throws {Error} If there is one that cannot be read or is damaged.
   */
  async load(flag: string, origin: string): Promise<GoodReading | undefined> {
    const path = this.#pathOf(flag);
    let bytes: Uint8Array;
    try {
      const { size } = await Deno.stat(path);
      if (size > MOST_BYTES) throw new Error(`Cannot read ${path}: it is too large`);
      bytes = await Deno.readFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    const reading = parseFile(bytes, path);
    return reading.origin === fingerprint(origin) ? reading : undefined;
  }

  /**
   * Keeps a reading in place of the one before.
   *
   * @throws {Error} If it cannot be written; the one before is still there then.
   */
  async save(flag: string, origin: string, reading: GoodReading): Promise<void> {
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o750 });
    const path = this.#pathOf(flag);
    const draft = `${path}.new`;
    {
      using file = await Deno.open(draft, {
        write: true,
        create: true,
        truncate: true,
        mode: 0o640,
      });
      const hash = createHash("sha256");
      const write = async (text: string) => {
        const bytes = encoder.encode(text);
        hash.update(bytes);
        for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      };
      const { set, validators, atMs } = reading;
      const about = { atMs, origin: fingerprint(origin), ...validators };
      await write(`${MAGIC}${JSON.stringify(about)}\n`);
      for (const table of [set.ipv4, set.ipv6]) {
        for (let from = 0; from < table.bits.length; from += LINES_A_PIECE) {
          const count = Math.min(LINES_A_PIECE, table.bits.length - from);
          const lines = Array.from({ length: count }, (_, at) => formatPrefix(table, from + at));
          await write(lines.join("\n") + "\n");
        }
      }
      const sum = encoder.encode(checksumLine(hash.digest("hex")));
      for (let at = 0; at < sum.length;) at += await file.write(sum.subarray(at));
      await file.sync();
    }
    await Deno.rename(draft, path);
  }

  #pathOf(flag: string): string {
    return `${this.#folder}/${flag}.list`;
  }
}

function parseFile(bytes: Uint8Array, path: string): GoodReading & { readonly origin: unknown } {
  const damaged = new Error(`Cannot use ${path}: it is damaged`);
  const sumAt = bytes.length - checksumLine("0".repeat(64)).length;
  if (sumAt <= 0) throw damaged;
  const hex = createHash("sha256").update(bytes.subarray(0, sumAt)).digest("hex");
  const decoder = new TextDecoder();
  if (decoder.decode(bytes.subarray(sumAt)) !== checksumLine(hex)) throw damaged;
  const firstLine = decoder.decode(bytes.subarray(0, bytes.indexOf(0x0a)));
  if (!firstLine.startsWith(MAGIC)) throw damaged;
  const about: Readonly<Record<string, unknown>> = JSON.parse(firstLine.slice(MAGIC.length));
  const { atMs, origin, etag, lastModified } = about;
  if (typeof atMs !== "number") throw damaged;
  const parser = new LineListParser({ jsonLines: false });
  parser.push(bytes);
  const { set } = parser.end();
  const validators = {
    ...typeof etag === "string" && { etag },
    ...typeof lastModified === "string" && { lastModified },
  };
  return { set, validators, atMs, origin };
}

function checksumLine(hex: string): string {
  return `# sha256 ${hex}\n`;
}

/** A list of another place must not stand for this one; the place itself may hold a password. */
function fingerprint(origin: string): string {
  return createHash("sha256").update(origin).digest("hex");
}
