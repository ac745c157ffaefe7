import type { LineTarget } from "./line_writer.ts";

/** What happened to a log file. */
export type LogFileEvent =
  | { readonly event: "failed"; readonly reason: string }
  | { readonly event: "healed"; readonly lostBytes: number };

/** How often the name is compared with the open file, and a file that failed is opened again. */
const CHECK_EVERY_MS = 1000;

/** A file that fails and heals all the time, as on a disk that is nearly full, is told no more often. */
const TELL_EVERY_MS = 60_000;

const LINE_FEED = 10;
const MODE = 0o640;

/**
 * A file that lines are appended to. It is opened anew when its name points elsewhere (rotated,
 * removed), and after an error, until it works again; the first error and the end of the trouble are
 * told, once a minute at most, and nothing else.
 */
export class LogFile implements LineTarget, Disposable {
  readonly path: string;
  readonly #tell: (event: LogFileEvent) => void;
  readonly #nowMs: () => number;
  readonly #isPrivate: boolean;
  #file: Deno.FsFile | undefined;
  #checkedMs: number;
  /** Whether it was told that the file fails, and not yet that it works again. */
  #isToldFailing = false;
  #toldMs = -Infinity;
  #isClosed = false;
  /** Whether the file ends within a line, which must not spoil the next one. */
  #isTorn = false;
  #lostBytes = 0;

  /**
   * Opens the file, made with mode 0640 if it is missing.
   *
   * @param options `name` is what the file is called in the error; `isPrivate` takes rights beyond
   * 0640 from a file that is there; `nowMs` is a monotonic clock in milliseconds.
   * @throws {Error} If it cannot be opened or is not a regular file; the message is one line that
   * names path and reason.
   */
  constructor(
    path: string,
    options: {
      readonly name?: string;
      readonly isPrivate?: boolean;
      readonly tell: (event: LogFileEvent) => void;
      readonly nowMs: () => number;
    },
  ) {
    this.path = path;
    this.#tell = options.tell;
    this.#nowMs = options.nowMs;
    this.#isPrivate = options.isPrivate ?? false;
    this.#checkedMs = this.#nowMs();
    try {
      this.#file = openForAppend(path, this.#isPrivate);
    } catch (error) {
      const name = options.name ?? "log file";
      throw new Error(`Cannot open ${name} ${path}: ${reasonOf(error)}`);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#check();
      const file = this.#file ??= openForAppend(this.path, this.#isPrivate);
      await this.#append(file, this.#isTorn ? Uint8Array.of(LINE_FEED, ...bytes) : bytes);
      if (!this.#isToldFailing) return;
      this.#isToldFailing = false;
      this.#tell({ event: "healed", lostBytes: this.#lostBytes });
      this.#lostBytes = 0;
    } catch (error) {
      this.#lostBytes += bytes.length;
      this.#tellFailing(reasonOf(error));
    }
  }

  /** Makes the next line open the file by its name, as after a rotation. */
  reopen(): void {
    this.#checkedMs = -Infinity;
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#file?.close();
    this.#file = undefined;
  }

  #tellFailing(reason: string): void {
    const now = this.#nowMs();
    if (this.#isToldFailing || now - this.#toldMs < TELL_EVERY_MS) return;
    this.#toldMs = now;
    this.#isToldFailing = true;
    this.#tell({ event: "failed", reason });
  }

  async #append(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
    let at = 0;
    try {
      while (at < bytes.length) at += await file.write(bytes.subarray(at));
    } finally {
      if (at > 0) this.#isTorn = bytes[at - 1] !== LINE_FEED;
    }
  }

  /** Drops the open file where its name no longer leads to it: writes to it would be lost. */
  async #check(): Promise<void> {
    const now = this.#nowMs();
    if (now - this.#checkedMs < CHECK_EVERY_MS) return;
    this.#checkedMs = now;
    if (this.#file === undefined) return;
    const open = await this.#file.stat();
    const named = await Deno.stat(this.path).catch(() => undefined);
    if (named?.ino === open.ino && named?.dev === open.dev) return;
    this.#file.close();
    this.#file = undefined;
    this.#isTorn = false;
  }
}

function openForAppend(path: string, isPrivate: boolean): Deno.FsFile {
  const found = statIfThere(path);
  // To open a pipe waits for a reader, on the thread that serves; a device may wait as well.
  if (found !== undefined && !found.isFile && !found.isDirectory) {
    throw new Error("it is a pipe, a socket or a device, and a regular file is wanted");
  }
  const file = Deno.openSync(path, { append: true, create: true, mode: MODE });
  if (isPrivate && found?.mode) narrow(path, found.mode & 0o777);
  return file;
}

function statIfThere(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function narrow(path: string, mode: number): void {
  if ((mode & ~MODE) === 0) return;
  try {
    Deno.chmodSync(path, mode & MODE);
  } catch {
    // Another user's file, which that user opened to others: its rights are not ours to change.
  }
}

/** The system's words without what Deno appends (": open '/path'"). */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/: (?:open|write|stat) '[^]*$/, "").replace(/\s+/g, " ");
}
