import type { Config } from "./config.ts";
import { FLAGS } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Checks what no flag alone can tell: flags that need another, and parts of the program that this
 * version does not have, since a matcher that never matches is worse than one that does not start.
 *
 * @throws {UsageError} If the settings cannot work together.
 */
export function checkConfig(config: Config): void {
  for (const row of FLAGS) {
    if ("switchesOn" in row && config[row.name]) {
      throw new UsageError(
        `Cannot use flag -${row.name}: ${row.availableLater} is not available in this version yet`,
      );
    }
  }
  if (config["log.file.enable"] && config["log.file.path"] === "") {
    throw new UsageError("Cannot use flag -log.file.enable: -log.file.path is empty");
  }
}
