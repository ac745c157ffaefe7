import { THREAT_LISTS } from "../threat/lists.ts";
import type { Config } from "./config.ts";
import type { FlagName } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/** Flags that switch something on, with the path that it cannot do without. */
const NEEDED_PATHS: readonly (readonly [FlagName, FlagName])[] = [
  ...THREAT_LISTS.flatMap(({ flag, sources }) =>
    sources.flatMap((source) =>
      source.kind === "path" ? [[`${flag}.enable`, source.flag] as const] : []
    )
  ),
  ["threatfile.enable", "threatfile.path"],
  ["log.file.enable", "log.file.path"],
];

/**
 * Checks what no flag alone can tell: flags that need another.
 *
 * @throws {UsageError} If the settings cannot work together.
 */
export function checkConfig(config: Config): void {
  for (const [flag, path] of NEEDED_PATHS) {
    if (config[flag] === true && config[path] === "") {
      throw new UsageError(`Cannot use flag -${flag}: -${path} is empty`);
    }
  }
}
