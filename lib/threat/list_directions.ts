import type { Config } from "../config/config.ts";
import type { Direction } from "../config/direction.ts";
import { THREAT_LISTS } from "./lists.ts";

/**
 * Direction of the contacts that count for each list, in the order of the lists: its own, or that of
 * `-contacts.direction`. Undefined for a list that is switched off.
 */
export function listDirections(config: Config): readonly (Direction | undefined)[] {
  return THREAT_LISTS.map(({ flag }) =>
    config[`${flag}.enable`]
      ? config[`${flag}.direction`] ?? config["contacts.direction"]
      : undefined
  );
}
