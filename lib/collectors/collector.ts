import type { Config } from "../config/config.ts";
import type { Family } from "../metrics/family.ts";
import type { Sample } from "../metrics/sample.ts";
import type { Cycle, InstanceReading } from "./cycle.ts";

/**
 * Turns one instance's reading into samples. Called once per instance and cycle, in the order of the
 * listing, always on one thread; must not keep the readings. What it throws costs this instance this
 * collector's families in this cycle, and nothing else.
 *
 * @returns undefined where the cycle could not read what the samples need: then what the cache has
 * from an earlier cycle stays until it expires.
 */
export type CollectInstance = (
  instance: InstanceReading,
  cycle: Cycle,
) => readonly Sample[] | undefined;

/** One concern. It may emit no family that it does not name. */
export interface Collector {
  /** The `collector` label, and the name of its flag where it has one (`-collector.NAME`). */
  readonly name: string;
  readonly families: readonly Family[];
  /** Whether it can say nothing in a cycle whose conntrack dump failed. */
  readonly needsFlows?: true;
  /**
   * Called once, unless its flag switches it off; state over cycles lives in the closure.
   *
   * @returns undefined where the configuration switches the collector off.
   */
  start(config: Config): CollectInstance | undefined;
}
