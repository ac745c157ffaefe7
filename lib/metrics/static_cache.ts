import type { Family } from "./family.ts";
import type { FamilySamples } from "./page_writer.ts";
import type { Sample } from "./sample.ts";

interface Entry {
  readonly samples: readonly Sample[];
  readonly expiresAtMs: number;
}

/**
 * Newest samples of the families that do not belong to an instance: host, lists, health. A family stays
 * until it is written again; one that is written with a lifetime leaves when it is over.
 */
export class StaticCache {
  readonly #entries = new Map<Family, Entry>();
  #evictions = 0;

  /** Entries that expired since the start. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Families that are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Replaces each of these families by its samples; one without samples keeps its header on the page.
   *
   * @param expiresAtMs When they may no longer be served; they stay for good where it is left out.
   */
  write(families: readonly Family[], samples: readonly Sample[], expiresAtMs = Infinity): void {
    for (const family of families) {
      const own = samples.filter((sample) => sample.family === family);
      this.#entries.set(family, { samples: own, expiresAtMs });
    }
  }

  /** Drops what has expired. */
  expire(nowMs: number): void {
    for (const [family, { expiresAtMs }] of this.#entries) {
      if (expiresAtMs > nowMs) continue;
      this.#entries.delete(family);
      this.#evictions++;
    }
  }

  /** Samples of every family that is kept and has not expired. */
  read(nowMs: number): FamilySamples {
    const kept = [...this.#entries].filter(([, { expiresAtMs }]) => expiresAtMs > nowMs);
    return new Map(kept.map(([family, { samples }]) => [family, [{ samples }]]));
  }
}
