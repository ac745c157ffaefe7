import type { Config } from "./config.ts";

/** How long an instance's data may be served, in milliseconds: never under two intervals, or series would flap. */
export function dataLifetimeMs(config: Config): number {
  return Math.max(config["dynamic.cache.expiration"], 2 * config["collection.interval"]);
}
