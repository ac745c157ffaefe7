import { sampleLine } from "./exposition.ts";
import type { Family } from "./family.ts";
import type { Sample } from "./sample.ts";

/**
 * Newest text of the families that do not belong to an instance: host, lists, health. A family stays
 * until it is written again; one that is written with a lifetime leaves when it is over.
 */
export class StaticCache {
  readonly #entries = new Map<Family, { readonly text: string; readonly expiresAtMs: number }>();
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
   * @param expiresAtMs When the text may no longer be served; for good where it is left out.
   */
  write(families: readonly Family[], samples: readonly Sample[], expiresAtMs = Infinity): void {
    const texts = new Map<Family, string>(families.map((family) => [family, ""]));
    for (const sample of samples) {
      texts.set(sample.family, (texts.get(sample.family) ?? "") + sampleLine(sample));
    }
    for (const [family, text] of texts) this.#entries.set(family, { text, expiresAtMs });
  }

  /** Drops what has expired. */
  expire(nowMs: number): void {
    for (const [family, { expiresAtMs }] of this.#entries) {
      if (expiresAtMs > nowMs) continue;
      this.#entries.delete(family);
      this.#evictions++;
    }
  }

  /** Text of every family that is kept and has not expired. */
  read(nowMs: number): ReadonlyMap<Family, string> {
    const texts = new Map<Family, string>();
    for (const [family, { text, expiresAtMs }] of this.#entries) {
      if (expiresAtMs > nowMs) texts.set(family, text);
    }
    return texts;
  }
}
