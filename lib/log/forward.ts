import { isWritten } from "./level.ts";
import type { LogFields, Logger, LogLevel } from "./logger.ts";

/** One event, before it has a form. Plain data: a worker can post it. */
export interface LogRecord {
  /** Milliseconds since 1970, UTC. */
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger whose least severe level can change while the program runs. */
export interface LeveledLogger extends Logger {
  level: LogLevel;
}

/**
 * Makes a logger that gives each record away instead of writing it: a worker posts it to the thread
 * that has the sinks. Records below the level are never made.
 *
 * @param send Must not throw.
 * @param options `nowMs` is milliseconds since 1970.
 */
export function forwardingLogger(
  send: (record: LogRecord) => void,
  options: { readonly level: LogLevel; readonly nowMs?: () => number },
): LeveledLogger {
  const { level, nowMs = Date.now } = options;
  const write = (at: LogLevel, message: string, fields: LogFields = {}) => {
    if (isWritten(at, logger.level)) send({ timeMs: nowMs(), level: at, message, fields });
  };
  const logger: LeveledLogger = {
    level,
    error: (message, fields) => write("error", message, fields),
    notice: (message, fields) => write("notice", message, fields),
    info: (message, fields) => write("info", message, fields),
    debug: (message, fields) => write("debug", message, fields),
  };
  return logger;
}
