/**
 * Remembers some counters of one device and says how fast each one moves. 64-bit floats hold them:
 * above 2^53 a counter loses its last bits, which changes no rate by as much as is shown.
 */
export class CounterRates {
  /** Value and moment of each counter by turns; NaN before the first reading. */
  readonly #last: Float64Array;

  constructor(counters: number) {
    this.#last = new Float64Array(2 * counters).fill(NaN);
  }

  /**
   * Takes in a counter and gives its rate since it was last read.
   *
   * @param atMs Milliseconds of a clock that never steps.
   * @returns A second; NaN where the counter was not read, or not before, or went back.
   */
  rate(index: number, counter: bigint | undefined, atMs: number): number {
    if (counter === undefined) return NaN;
    const last = this.#last;
    const value = Number(counter);
    const seconds = (atMs - last[2 * index + 1]!) / 1000;
    const delta = value - last[2 * index]!;
    last[2 * index] = value;
    last[2 * index + 1] = atMs;
    return delta >= 0 && seconds > 0 ? delta / seconds : NaN;
  }
}
