/** Size of a sparkline in the units of its own coordinates. */
export const SPARK_SIZE = { width: 64, height: 18 } as const;

const INSET = 1.5;

/**
 * The line of a small picture, as the `d` of an SVG path. The newest value stands at the right; a gap
 * is a gap. Values are scaled to `ceiling`, or to their largest where that is larger.
 *
 * @param points How many values the whole width has room for.
 */
export function sparkPath(
  values: readonly (number | null)[],
  { points, ceiling }: { readonly points: number; readonly ceiling: number },
): string {
  const { width, height } = SPARK_SIZE;
  const shown = values.slice(-points);
  const top = shown.reduce<number>((most, value) => Math.max(most, value ?? 0), ceiling);
  const step = (width - 2 * INSET) / Math.max(1, points - 1);
  const from = width - INSET - (shown.length - 1) * step;
  let path = "";
  let isDrawing = false;
  shown.forEach((value, at) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    const x = (from + at * step).toFixed(1);
    const y = (height - INSET - (top > 0 ? value / top : 0) * (height - 2 * INSET)).toFixed(1);
    const isAlone = !isDrawing && (shown[at + 1] ?? null) === null;
    // A line to where it begins is a dot: the ends of lines are round.
    path += isDrawing ? `L${x} ${y}` : `M${x} ${y}${isAlone ? `L${x} ${y}` : ""}`;
    isDrawing = true;
  });
  return path;
}
