import type { ExpositionFormat } from "./metrics/exposition.ts";
import { HEALTH } from "./metrics/health_families.ts";
import { NO_LABELS } from "./metrics/labels.ts";
import type { Family } from "./metrics/family.ts";
import {
  type FamilySamples,
  type PageOptions,
  PageWriter,
  type SampleGroup,
} from "./metrics/page_writer.ts";
import { sample } from "./metrics/sample.ts";

/** Where the lines of one collector stand in a body, in bytes. */
export interface Segment {
  readonly collector: string;
  readonly start: number;
  readonly end: number;
}

/** The page of one cycle in one format, in bytes. */
export interface Exposition {
  readonly body: Uint8Array<ArrayBuffer>;
  /** One of each collector, in their order; what is in none of them is on every page. */
  readonly segments: readonly Segment[];
  /** What may still be said when no newer page came within its lifetime. */
  readonly stalledBody: Uint8Array<ArrayBuffer>;
}

const LIBVIRT_DOWN = [{ samples: [sample(HEALTH.libvirtUp, NO_LABELS, 0)] }];

/**
 * A page of one format while it is made: first what the collectors say, then the host's part, which
 * tells how long the first took.
 */
export class ExpositionDraft {
  readonly format: ExpositionFormat;
  readonly #options: PageOptions;
  readonly #page: PageWriter;
  readonly #segments: Segment[] = [];

  constructor(
    collectors: ReadonlyMap<string, FamilySamples>,
    options: PageOptions & { readonly format: ExpositionFormat },
  ) {
    this.format = options.format;
    this.#options = options;
    this.#page = new PageWriter(options);
    for (const [collector, families] of collectors) {
      const start = this.#page.length;
      this.#page.write(families, { emptyHeaders: false });
      this.#segments.push({ collector, start, end: this.#page.length });
    }
  }

  /**
   * Adds the host's part; write no more after it.
   *
   * @param collectorOf Names the collectors of the families that some scrapes do without.
   */
  finish(host: FamilySamples, collectorOf: ReadonlyMap<Family, string>): Exposition {
    const stalled = new PageWriter({ ...this.#options, expectedBytes: 0 });
    // What collectors read was true of its moment only; what is known of the cycles stays so.
    const known = [...host].filter(([family]) => !collectorOf.has(family));
    stalled.write(new Map(known).set(HEALTH.libvirtUp, LIBVIRT_DOWN), { emptyHeaders: true });
    return {
      segments: [...this.#segments, ...writeHost(this.#page, host, collectorOf)],
      body: this.#page.finish(),
      stalledBody: stalled.finish(),
    };
  }
}

/** Writes families in their order, and tells where those of each collector stand. */
function writeHost(
  page: PageWriter,
  host: FamilySamples,
  collectorOf: ReadonlyMap<Family, string>,
): readonly Segment[] {
  const segments: Segment[] = [];
  let run = new Map<Family, readonly SampleGroup[]>();
  let collector: string | undefined;
  const write = () => {
    const start = page.length;
    page.write(run, { emptyHeaders: true });
    if (collector !== undefined) segments.push({ collector, start, end: page.length });
    run = new Map();
  };
  for (const [family, groups] of host) {
    if (collectorOf.get(family) !== collector) write();
    collector = collectorOf.get(family);
    run.set(family, groups);
  }
  write();
  return segments;
}
