/** A value at a moment, in seconds. */
export type Point = readonly [second: number, value: number];

const SECONDS_PER_HOUR = 3600;

/** The middle one of values; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Slope of the line nearest to the points (least squares), in units an hour. */
export function slopePerHour(points: readonly Point[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanSecond, meanValue] = [mean(0), mean(1)];
  let [covariance, variance] = [0, 0];
  for (const [second, value] of points) {
    covariance += (second - meanSecond) * (value - meanValue);
    variance += (second - meanSecond) ** 2;
  }
  return covariance / variance * SECONDS_PER_HOUR;
}

/** Medians of the second and of the last quarter of the time: what grows has them apart. */
export function quarterMedians(points: readonly Point[]): { second: number; last: number } {
  const [from = 0, to = 0] = [points[0]?.[0], points.at(-1)?.[0]];
  const within = (begin: number, end: number) =>
    points.filter(([second]) => {
      const share = (second - from) / (to - from);
      return share >= begin && share <= end;
    }).map(([, value]) => value);
  return { second: median(within(0.25, 0.5)), last: median(within(0.75, 1)) };
}
