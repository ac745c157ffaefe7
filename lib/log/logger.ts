/** Levels of the specification, most severe first. `notice` sits between `info` and `error`. */
export const LOG_LEVELS = ["error", "notice", "info", "debug"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Values a log line may carry; keys are constants of the program. */
export type LogFields = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/**
 * Where a part of the program writes its events: one call, one line. Messages are constants, what
 * varies is in the fields. Calls never throw and never block.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  notice(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}
