import type { LogFields, Logger, LogLevel } from "../../lib/log/logger.ts";

/** A log that a test can read. */
export class LogLines implements Logger {
  readonly lines: { level: LogLevel; message: string; fields: LogFields }[] = [];

  error(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: "error", message, fields });
  }

  notice(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: "notice", message, fields });
  }

  info(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: "info", message, fields });
  }

  debug(message: string, fields: LogFields = {}): void {
    this.lines.push({ level: "debug", message, fields });
  }
}
