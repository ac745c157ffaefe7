import { packValue, UNKNOWN, unpackValue } from "./packed_value.ts";

/**
 * The newest points of one instance, two bytes for each value. A point is the mean of the cycles that
 * fall into its time; what no cycle told is unknown.
 */
export class InstanceRing {
  readonly #channels: number;
  readonly #points: number;
  /** The points of a channel stand together; the point with number n is at n modulo the points. */
  readonly #packed: Uint16Array;
  readonly #sums: Float64Array;
  readonly #counts: Uint16Array;
  #newest: number;
  readonly #first: number;

  /** @param point Number of the first point that can be known. */
  constructor(
    point: number,
    { channels, points }: { readonly channels: number; readonly points: number },
  ) {
    this.#channels = channels;
    this.#points = points;
    this.#packed = new Uint16Array(channels * points).fill(UNKNOWN);
    this.#sums = new Float64Array(channels);
    this.#counts = new Uint16Array(channels);
    this.#newest = point;
    this.#first = point;
  }

  /** Adds a cycle to a point, which is the newest or later; `at` is where its values begin. */
  add(point: number, values: Float32Array, at: number): void {
    this.#advance(point);
    const slot = point % this.#points;
    for (let channel = 0; channel < this.#channels; channel++) {
      const value = values[at + channel]!;
      if (Number.isNaN(value)) continue;
      const sum = this.#sums[channel]! + value;
      const count = ++this.#counts[channel]!;
      this.#sums[channel] = sum;
      this.#packed[channel * this.#points + slot] = packValue(sum / count);
    }
  }

  /**
   * The newest values of a channel up to a point, oldest first, from when the instance was first seen,
   * in four digits, since no more are kept; null where nothing is known.
   */
  read(channel: number, upTo: number, most = this.#points): (number | null)[] {
    const from = Math.max(this.#first, upTo - Math.min(most, this.#points) + 1);
    const values: (number | null)[] = [];
    for (let point = from; point <= upTo; point++) {
      const isKept = point <= this.#newest && point > this.#newest - this.#points;
      const packed = this.#packed[channel * this.#points + point % this.#points]!;
      values.push(isKept && packed !== UNKNOWN ? shown(unpackValue(packed)) : null);
    }
    return values;
  }

  #advance(point: number): void {
    if (point <= this.#newest) return;
    const from = Math.max(this.#newest + 1, point - this.#points + 1);
    for (let skipped = from; skipped <= point; skipped++) {
      for (let channel = 0; channel < this.#channels; channel++) {
        this.#packed[channel * this.#points + skipped % this.#points] = UNKNOWN;
      }
    }
    this.#sums.fill(0);
    this.#counts.fill(0);
    this.#newest = point;
  }
}

function shown(value: number): number {
  return value < 100 ? Math.round(100 * value) / 100 : Math.round(value);
}
