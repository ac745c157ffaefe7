import { isCollectorOn } from "../config/collector_flags.ts";
import type { Config } from "../config/config.ts";
import type { DynamicCache } from "../metrics/dynamic_cache.ts";
import type { CollectInstance, Collector } from "./collector.ts";
import type { Cycle, InstanceReading } from "./cycle.ts";

/** How one collector fared in one cycle. */
export interface CollectorResult {
  readonly name: string;
  readonly durationMs: number;
  /** Whether it could read what it needs and failed for no instance. */
  readonly success: boolean;
  /** What it threw, by the UUID of the instance. */
  readonly failures: ReadonlyMap<string, unknown>;
}

interface Running {
  readonly name: string;
  readonly needsFlows: boolean;
  readonly collect: CollectInstance;
}

/**
 * Runs every collector that the configuration switches on over every instance, into the cache. What
 * a collector throws for an instance costs that instance that collector's new samples only.
 */
export class CollectorRunner {
  readonly #running: readonly Running[];
  readonly #cache: DynamicCache;
  readonly #now: () => number;

  /** @param now Milliseconds of a clock that never steps. */
  constructor(
    collectors: readonly Collector[],
    config: Config,
    options: { readonly cache: DynamicCache; readonly now: () => number },
  ) {
    this.#cache = options.cache;
    this.#now = options.now;
    this.#running = collectors.flatMap(({ name, families, needsFlows = false, start }) => {
      const collect = isCollectorOn(config, name) ? start(config) : undefined;
      if (!collect) return [];
      options.cache.addCollector(name, families);
      return [{ name, needsFlows, collect }];
    });
  }

  /** The result of a cycle that had nothing to collect from, since domains could not be listed. */
  skip(): readonly CollectorResult[] {
    return this.#running.map(({ name }) => ({
      name,
      durationMs: 0,
      success: false,
      failures: new Map(),
    }));
  }

  /** Collects one cycle. Never throws. */
  run(instances: readonly InstanceReading[], cycle: Cycle): readonly CollectorResult[] {
    return this.#running.map(({ name, needsFlows, collect }) => {
      const failures = new Map<string, unknown>();
      const startedAtMs = this.#now();
      for (const instance of instances) {
        const { uuid } = instance.stats;
        try {
          const samples = collect(instance, cycle);
          if (samples) this.#cache.write(name, uuid, samples, startedAtMs);
        } catch (error) {
          failures.set(uuid, error);
        }
      }
      const isFed = !needsFlows || cycle.flows !== undefined;
      return {
        name,
        durationMs: this.#now() - startedAtMs,
        success: isFed && failures.size === 0,
        failures,
      };
    });
  }
}
