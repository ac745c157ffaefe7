import { LineWriter } from "../log/line_writer.ts";
import { LogFile } from "../log/log_file.ts";
import type { Logger } from "../log/logger.ts";
import { leftOutLine } from "./contact_lines.ts";

const FLUSH_DEADLINE_MS = 1000;

/**
 * The file of contacts with listed addresses. Lines are written in the background: a disk that is
 * full or slow delays nobody, costs lines, and is told once.
 */
export class ThreatFile {
  readonly #file: LogFile;
  readonly #writer: LineWriter;

  /**
   * Opens the file, made with mode 0640 if it is missing; one that is there loses rights beyond it.
   *
   * @throws {Error} If it cannot be opened or is not a regular file; the message is one line that
   * names path and reason.
   */
  constructor(path: string, log: Logger) {
    this.#file = new LogFile(path, {
      name: "threat file",
      isPrivate: true,
      nowMs: () => performance.now(),
      tell: (happened) =>
        happened.event === "failed"
          ? log.error("Threat file cannot be written", { path, reason: happened.reason })
          : log.notice("Threat file is written again", { path, lost_bytes: happened.lostBytes }),
    });
    this.#writer = new LineWriter(this.#file, (count) => {
      log.error("Lines of the threat file were dropped: the disk is too slow", { path, count });
      return leftOutLine(count, Date.now());
    });
  }

  /** Takes lines that end with a newline each. */
  write(lines: readonly string[]): void {
    for (const line of lines) this.#writer.write(line);
  }

  /** Opens the file anew by its name (SIGHUP). */
  reopen(): void {
    this.#file.reopen();
  }

  /** Waits, a second at most, until the lines so far are written, and closes the file. */
  async close(): Promise<void> {
    await this.#writer.flush(FLUSH_DEADLINE_MS);
    this.#file[Symbol.dispose]();
  }
}
