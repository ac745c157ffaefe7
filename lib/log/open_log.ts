import { configureSync, getLogger, type LogLevel as TapeLevel } from "@logtape/logtape";
import { FORMAT_RECORD, type LogFormat } from "./format.ts";
import { forwardingLogger, type LeveledLogger, type LogRecord } from "./forward.ts";
import { isWritten } from "./level.ts";
import { type LineTarget, LineWriter } from "./line_writer.ts";
import { LogFile } from "./log_file.ts";
import type { LogFields, LogLevel } from "./logger.ts";

/** LogTape's name for each of our levels. */
const TAPE_LEVEL = {
  error: "error",
  notice: "warning",
  info: "info",
  debug: "debug",
} as const satisfies Readonly<Record<LogLevel, TapeLevel>>;
const LEVEL_OF = { error: "error", fatal: "error", warning: "notice", info: "info" } as const;
const CATEGORY = ["oie"];
const FLUSH_DEADLINE_MS = 1000;

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Path of the file that gets every line too. */
  readonly file?: string | undefined;
  /** Standard error of this process unless a test gives another. */
  readonly stderr?: LineTarget;
  /** A monotonic clock in milliseconds. */
  readonly nowMs?: () => number;
}

/** The log of this process: its level can change at any time. */
export interface Log extends LeveledLogger {
  /** Writes what another thread logged, with the time it had there. */
  writeForwarded(record: LogRecord): void;
  /** Opens the file anew by its name (SIGHUP); without a file it does nothing. */
  reopen(): void;
  /** Waits, a second at most, until the lines so far are written. */
  flush(): Promise<void>;
  /** Flushes and closes the file. Lines after this are lost. */
  close(): Promise<void>;
}

/**
 * Opens the log of this process, the only one: LogTape's configuration is global, so a second call
 * replaces the first log's sinks.
 *
 * @throws {Error} If the file cannot be opened; the message is one line.
 */
export function openLog(options: LogOptions): Log {
  const { stderr = standardError, nowMs = () => performance.now() } = options;
  const format = FORMAT_RECORD[options.format];
  const lineOf = (level: LogLevel, message: string, fields: LogFields) =>
    format({ timeMs: Date.now(), level, message, fields });
  const dropped = (count: number) => lineOf("error", "Log lines were dropped", { count });
  const screen = new LineWriter(stderr, dropped);
  const path = options.file;
  const file = path === undefined ? undefined : new LogFile(path, {
    nowMs,
    tell: (happened) =>
      screen.write(
        happened.event === "failed"
          ? lineOf("error", "Log file cannot be written", { path, reason: happened.reason })
          : lineOf("notice", "Log file is written again", { path, lost_bytes: happened.lostBytes }),
      ),
  });
  const writers = file === undefined ? [screen] : [screen, new LineWriter(file, dropped)];

  configureSync({
    reset: true,
    sinks: {
      lines: (record) => {
        const level = LEVEL_OF[record.level as keyof typeof LEVEL_OF] ?? "debug";
        // The raw message: ours are constants, and braces in them are no place-holders.
        const line = format({
          timeMs: record.timestamp,
          level,
          message: String(record.rawMessage),
          fields: record.properties as LogFields,
        });
        for (const writer of writers) writer.write(line);
      },
    },
    loggers: [
      // The level that counts is the logger's own, which can change without a new configuration.
      { category: CATEGORY, sinks: ["lines"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "warning" },
    ],
  });

  const tape = getLogger(CATEGORY);
  const emit = ({ timeMs, level, message, fields }: LogRecord) =>
    tape.emit({
      timestamp: timeMs,
      level: TAPE_LEVEL[level],
      message: [message],
      rawMessage: message,
      properties: fields,
    });
  const logger = forwardingLogger(emit, { level: options.level });
  const flush = async () => {
    await Promise.all(writers.map((writer) => writer.flush(FLUSH_DEADLINE_MS)));
  };
  return Object.assign(logger, {
    writeForwarded: (record: LogRecord) => {
      if (isWritten(record.level, logger.level)) emit(record);
    },
    reopen: () => file?.reopen(),
    flush,
    close: async () => {
      await flush();
      file?.[Symbol.dispose]();
    },
  });
}

const standardError: LineTarget = {
  async write(bytes) {
    for (let at = 0; at < bytes.length;) at += await Deno.stderr.write(bytes.subarray(at));
  },
};
