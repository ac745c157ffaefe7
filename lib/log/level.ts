import { LOG_LEVELS, type LogLevel } from "./logger.ts";

const RANK = Object.fromEntries(LOG_LEVELS.map((level, rank) => [level, rank])) as Readonly<
  Record<LogLevel, number>
>;

/** Tells whether an event of this level is written when `lowest` is the least severe one wanted. */
export function isWritten(level: LogLevel, lowest: LogLevel): boolean {
  return RANK[level] <= RANK[lowest];
}

/** Reads a level; undefined if the text is none. */
export function logLevelOf(text: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === text);
}
