import { type ExpositionFormat, FORMATS, formatValue } from "./exposition.ts";
import type { Family } from "./family.ts";
import { type Appearance, nameFamilies, type Naming } from "./naming.ts";
import type { Sample } from "./sample.ts";

/** Samples of one family that one part of the program made. */
export interface SampleGroup {
  readonly samples: readonly Sample[];
  /** UUID of the instance that they are of, if they are of one. */
  readonly instance?: string;
}

/** The samples of some families, each one's in groups that different parts of the program made. */
export type FamilySamples = ReadonlyMap<Family, readonly SampleGroup[]>;

export interface PageOptions {
  /** Length of the page, as far as it is known: a longer one costs copies. */
  readonly expectedBytes?: number;
  readonly naming?: Naming;
  readonly format?: ExpositionFormat;
  /** When counters began at zero, for formats that tell it. */
  readonly origins?: CounterOrigins;
}

/** When counters began at zero, in milliseconds since 1970; undefined where nobody knows. */
export interface CounterOrigins {
  readonly exporter: number;
  readonly boot?: number | undefined;
  domain(instanceUuid: string): number | undefined;
}

const ENCODER = new TextEncoder();
const CLOSING_BRACE = 0x7d;
const COMMA = 0x2c;
const SPACE = 0x20;
const LINE_FEED = 0x0a;
/** More than any number has as text. */
const LONGEST_VALUE = 32;

/**
 * Writes a page straight into bytes, family by family, each one's header and then all of its series
 * together (text format, "Grouping and sorting"; OpenMetrics, "MetricFamily"). Names and labels are
 * copied as the bytes that they were rendered to once, so that a page leaves next to no garbage.
 */
export class PageWriter {
  readonly #naming: Naming;
  readonly #format: ExpositionFormat;
  readonly #origins: CounterOrigins | undefined;
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(options: PageOptions = {}) {
    const { expectedBytes = 64 * 1024, naming = "oie", format = "text" } = options;
    this.#bytes = new Uint8Array(expectedBytes);
    this.#naming = naming;
    this.#format = format;
    this.#origins = options.origins;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Writes families; no name may come in two calls. One without samples is left out, unless
   * `emptyHeaders` keeps its header, which says that the program knows the family but has no value
   * for it.
   */
  write(families: FamilySamples, options: { readonly emptyHeaders: boolean }): void {
    const { header, created } = FORMATS[this.#format];
    for (const { name, help, parts } of nameFamilies(families.keys(), this.#naming)) {
      const isEmpty = parts.every(({ family }) =>
        families.get(family)?.every(({ samples }) => samples.length === 0)
      );
      const type = parts[0]?.family.type;
      if (type === undefined || (isEmpty && !options.emptyHeaders)) continue;
      this.#append(ENCODER.encode(header({ name, type, help })));
      for (const { family, appearance } of parts) {
        const line = lineStart(name, appearance);
        const createdLine = created && family.since
          ? lineStart(created(name), appearance)
          : undefined;
        for (const group of families.get(family) ?? []) {
          const sinceMs = createdLine && this.#originOf(family, group);
          for (const { labels, value } of group.samples) {
            this.#appendLine(line, labels.bytes, convert(value, appearance.factor));
            if (createdLine && sinceMs !== undefined) {
              this.#appendLine(createdLine, labels.bytes, sinceMs / 1000);
            }
          }
        }
      }
    }
  }

  /** The page, as a view of a buffer of its own; write no more after it. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#append(ENCODER.encode(FORMATS[this.#format].end));
    return this.#bytes.subarray(0, this.#length);
  }

  #originOf({ since }: Family, { instance }: SampleGroup): number | undefined {
    if (since === "exporter" || since === "boot") return this.#origins?.[since];
    return instance === undefined ? undefined : this.#origins?.domain(instance);
  }

  #appendLine(start: LineStart, labels: Uint8Array, value: number | bigint): void {
    this.#reserve(start.bytes.length + labels.length + LONGEST_VALUE);
    const bytes = this.#bytes;
    bytes.set(start.bytes, this.#length);
    let at = this.#length + start.bytes.length;
    bytes.set(labels, at);
    // Behind a label of the name the opening brace of the others is their comma, or all that is left.
    if (start.hasLabel) bytes[at] = labels.length > 0 ? COMMA : CLOSING_BRACE;
    at += start.hasLabel && labels.length === 0 ? 1 : labels.length;
    bytes[at++] = SPACE;
    const text = formatValue(value);
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    bytes[at++] = LINE_FEED;
    this.#length = at;
  }

  #append(chunk: Uint8Array): void {
    this.#reserve(chunk.length);
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, Math.ceil(this.#bytes.length * 1.5)));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** What all lines of a family begin with: its name, and the label that its convention adds. */
interface LineStart {
  readonly bytes: Uint8Array;
  readonly hasLabel: boolean;
}

function lineStart(name: string, { label }: Appearance): LineStart {
  const text = label ? `${name}{${label.name}="${label.value}"` : name;
  return { bytes: ENCODER.encode(text), hasLabel: label !== undefined };
}

function convert(value: number | bigint, factor: number | undefined): number | bigint {
  return factor === undefined ? value : Number(value) * factor;
}
