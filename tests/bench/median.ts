/** The middle one of some figures; the upper of two. NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The figure below which a share `q` in [0, 1) of the figures lies. NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * q)] ?? NaN;
}
