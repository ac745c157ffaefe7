import { sampleLine } from "./exposition.ts";
import type { Family } from "./family.ts";
import type { Sample } from "./sample.ts";

/** What one collector said of one instance: ready text, one entry for each of its families. */
interface Slice {
  readonly texts: readonly string[];
  readonly series: number;
  readonly expiresAtMs: number;
}

/** The families of one collector with the newest slice of each instance. */
interface Column {
  readonly families: readonly Family[];
  readonly slices: Map<string, Slice>;
}

/**
 * Newest rendered text of each instance, by collector, until it expires. A collector that could not
 * read an instance in a cycle writes nothing, so that what was last known stays until then.
 */
export class DynamicCache {
  readonly #columns = new Map<string, Column>();
  readonly #lifetimeMs: number;
  #evictions = 0;

  /** @param lifetimeMs How long a slice may be served after it was written. */
  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** Entries that were dropped since the start, because they expired or their domain is gone. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Makes room for a collector; its families keep this order on the page. */
  addCollector(name: string, families: readonly Family[]): void {
    this.#columns.set(name, { families, slices: new Map() });
  }

  /**
   * Replaces what a collector said of an instance. Of samples with the same family and labels the
   * first one counts: a page with two of them would be refused whole.
   *
   * @throws {TypeError} If the collector was not added, or a sample is of a family it did not declare.
   */
  write(collector: string, uuid: string, samples: readonly Sample[], nowMs: number): void {
    const column = this.#columns.get(collector);
    if (!column) throw new TypeError(`Cannot cache samples of unknown collector "${collector}"`);
    const { texts, series } = render(column.families, samples);
    column.slices.set(uuid, { texts, series, expiresAtMs: nowMs + this.#lifetimeMs });
  }

  /** Drops what is kept of instances that are not among those of a good listing. */
  retain(listed: { has(uuid: string): boolean }): void {
    this.#evict((uuid) => !listed.has(uuid));
  }

  /** Drops what has expired. */
  expire(nowMs: number): void {
    this.#evict((_, slice) => slice.expiresAtMs <= nowMs);
  }

  /** Text of every family in order, an entry per instance that has any, and the totals. */
  read(nowMs: number): { texts: ReadonlyMap<Family, string>; series: number; instances: number } {
    const texts = new Map<Family, string>();
    const instances = new Set<string>();
    let series = 0;
    for (const { families, slices } of this.#columns.values()) {
      const parts = families.map(() => "");
      for (const [uuid, slice] of slices) {
        if (slice.expiresAtMs <= nowMs) continue;
        instances.add(uuid);
        series += slice.series;
        slice.texts.forEach((text, at) => parts[at] += text);
      }
      families.forEach((family, at) => texts.set(family, parts[at] ?? ""));
    }
    return { texts, series, instances: instances.size };
  }

  #evict(isGone: (uuid: string, slice: Slice) => boolean): void {
    const gone = new Set<string>();
    for (const { slices } of this.#columns.values()) {
      for (const [uuid, slice] of slices) {
        if (!isGone(uuid, slice)) continue;
        slices.delete(uuid);
        gone.add(uuid);
      }
    }
    this.#evictions += gone.size;
  }
}

function render(
  families: readonly Family[],
  samples: readonly Sample[],
): { texts: readonly string[]; series: number } {
  const texts = families.map(() => "");
  const seen = families.map((): Set<string> | undefined => undefined);
  let series = 0;
  for (const sample of samples) {
    const at = families.indexOf(sample.family);
    if (at < 0) throw new TypeError(`Cannot cache undeclared family "${sample.family.name}"`);
    if (texts[at] !== "") {
      const labels = seen[at] ??= labelsOf(samples, sample);
      if (labels.has(sample.labels)) continue;
      labels.add(sample.labels);
    }
    texts[at] += sampleLine(sample);
    series++;
  }
  return { texts, series };
}

/** Labels of the first sample of this family: the set is made only where there is a second one. */
function labelsOf(samples: readonly Sample[], { family }: Sample): Set<string> {
  const first = samples.find((other) => other.family === family);
  return new Set(first ? [first.labels] : []);
}
