import type { Family } from "./family.ts";
import { isSameLabels } from "./labels.ts";
import type { FamilySamples, SampleGroup } from "./page_writer.ts";
import type { Sample } from "./sample.ts";

/** What one collector said of one instance, one entry for each of its families. */
interface Slice {
  readonly groups: readonly SampleGroup[];
  readonly series: number;
  readonly expiresAtMs: number;
}

/** The families of one collector with the newest slice of each instance. */
interface Column {
  readonly families: readonly Family[];
  readonly slices: Map<string, Slice>;
}

/**
 * Newest samples of each instance, by collector, until they expire. A collector that could not
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
    const groups = groupByFamily(column.families, samples)
      .map((own) => ({ samples: own, instance: uuid }));
    const series = groups.reduce((sum, { samples: { length } }) => sum + length, 0);
    column.slices.set(uuid, { groups, series, expiresAtMs: nowMs + this.#lifetimeMs });
  }

  /** Drops what is kept of instances that are not among those of a good listing. */
  retain(listed: { has(uuid: string): boolean }): void {
    this.#evict((uuid) => !listed.has(uuid));
  }

  /** Drops what has expired. */
  expire(nowMs: number): void {
    this.#evict((_, slice) => slice.expiresAtMs <= nowMs);
  }

  /** Samples by collector, of its families in order, in a group per instance, and the totals. */
  read(nowMs: number): {
    readonly collectors: ReadonlyMap<string, FamilySamples>;
    readonly series: number;
    readonly instances: number;
  } {
    const collectors = new Map<string, FamilySamples>();
    const instances = new Set<string>();
    let series = 0;
    for (const [collector, { families, slices }] of this.#columns) {
      const columns = families.map((): SampleGroup[] => []);
      for (const [uuid, slice] of slices) {
        if (slice.expiresAtMs <= nowMs) continue;
        instances.add(uuid);
        series += slice.series;
        slice.groups.forEach((group, at) => {
          if (group.samples.length > 0) columns[at]?.push(group);
        });
      }
      collectors.set(collector, new Map(families.map((family, at) => [family, columns[at] ?? []])));
    }
    return { collectors, series, instances: instances.size };
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

const DECODER = new TextDecoder();
const NO_SAMPLES: readonly Sample[] = [];

function groupByFamily(
  families: readonly Family[],
  samples: readonly Sample[],
): readonly (readonly Sample[])[] {
  const groups = families.map((): Sample[] => []);
  for (const sample of samples) {
    const group = groups[families.indexOf(sample.family)];
    if (!group) throw new TypeError(`Cannot cache undeclared family "${sample.family.name}"`);
    group.push(sample);
  }
  return groups.map(compact);
}

/** Looking through a few beats a set; metadata may name thousands of addresses. */
const FEW = 16;

/**
 * The first of samples with the same labels, each. Groups stay for a cycle by the ten thousand: an
 * array that was pushed to would keep room for 17 samples, a copy of it has room for its own.
 */
function compact(group: readonly Sample[]): readonly Sample[] {
  if (group.length === 0) return NO_SAMPLES;
  if (group.length > FEW) {
    const byLabels = new Map<string, Sample>();
    for (const sample of group) {
      const text = DECODER.decode(sample.labels.bytes);
      if (!byLabels.has(text)) byLabels.set(text, sample);
    }
    return [...byLabels.values()];
  }
  const isFirst = ({ labels }: Sample, at: number) =>
    group.findIndex((other) => isSameLabels(other.labels, labels)) === at;
  return group.every(isFirst) ? [...group] : [...group.filter(isFirst)];
}
