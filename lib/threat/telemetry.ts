import type { ThreatListName } from "./lists.ts";

/** How the refreshing of one enabled list stands. */
export interface ListTelemetry {
  readonly list: ThreatListName;
  /**
   * When the source of the list that was read longest ago was last read well, in milliseconds since
   * the epoch; absent while any source never was.
   */
  readonly lastSuccessMs?: number;
  /** How long the newest refresh took, good or not, in milliseconds; absent before the first ended. */
  readonly durationMs?: number;
  /** Sources that could not be read, since the program began. */
  readonly errorsTotal: number;
  /** Different addresses and prefixes that are matched now. */
  readonly entries: number;
}
