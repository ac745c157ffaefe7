import type { Config } from "../config/config.ts";
import type { DynamicCache } from "../metrics/dynamic_cache.ts";
import type { CollectInstance, Collector } from "./collector.ts";
import type { Cycle, InstanceReading } from "./cycle.ts";

/** How one collector fared in one cycle. */
export interface CollectorResult {
  readonly name: string;
  readonly durationMs: number;
  /** What it threw, by the UUID of the instance; empty is success. */
  readonly failures: ReadonlyMap<string, unknown>;
}

/**
 * Runs every collector that the configuration switches on over every instance, into the cache. What
 * a collector throws for an instance costs that instance that collector's new samples only.
 */
export class CollectorRunner {
  readonly #running: readonly { readonly name: string; readonly collect: CollectInstance }[];
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
    this.#running = collectors.flatMap(({ name, families, start }) => {
      const collect = start(config);
      if (!collect) return [];
      options.cache.addCollector(name, families);
      return [{ name, collect }];
    });
  }

  /** Collects one cycle. Never throws. */
  run(instances: readonly InstanceReading[], cycle: Cycle): readonly CollectorResult[] {
    return this.#running.map(({ name, collect }) => {
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
      return { name, durationMs: this.#now() - startedAtMs, failures };
    });
  }
}
