import type { ExpositionFormat } from "./metrics/exposition.ts";
import { HEALTH } from "./metrics/host_families.ts";
import { NO_LABELS } from "./metrics/labels.ts";
import { type FamilySamples, type PageOptions, PageWriter } from "./metrics/page_writer.ts";
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
  /** One of each collector, in their order; what is behind them is the host's. */
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

  /** Adds the host's part; write no more after it. */
  finish(host: FamilySamples): Exposition {
    this.#page.write(host, { emptyHeaders: true });
    const stalled = new PageWriter({ ...this.#options, expectedBytes: 0 });
    stalled.write(new Map(host).set(HEALTH.libvirtUp, LIBVIRT_DOWN), { emptyHeaders: true });
    return {
      body: this.#page.finish(),
      segments: this.#segments,
      stalledBody: stalled.finish(),
    };
  }
}
