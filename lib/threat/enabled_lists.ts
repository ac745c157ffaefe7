import type { Config } from "../config/config.ts";
import { THREAT_LISTS } from "./lists.ts";

/** The lists that are switched on, each with the number of its bit. */
export function enabledLists(config: Config) {
  return THREAT_LISTS.flatMap((list, bit) => config[`${list.flag}.enable`] ? [{ list, bit }] : []);
}
