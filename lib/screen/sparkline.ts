const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/**
 * Values as a row of blocks, oldest first, that is `columns` wide where there are as many values; each
 * block stands for the largest of its values, and a blank for none that is known.
 *
 * @param full What the highest block means; what is above it is drawn as it.
 */
export function sparkline(
  values: readonly (number | null)[],
  { columns, full }: { readonly columns: number; readonly full: number },
): string {
  const width = Math.max(0, Math.min(columns, values.length));
  let drawn = "";
  for (let at = 0; at < width; at++) {
    const from = Math.floor(at * values.length / width);
    const to = Math.floor((at + 1) * values.length / width);
    const largest = mostOf(values.slice(from, to));
    drawn += largest === null ? " " : blockOf(largest / full);
  }
  return drawn;
}

/** The largest value that is known. */
export function mostOf(values: readonly (number | null)[]): number | null {
  return values.reduce(
    (most, value) => value === null ? most : Math.max(most ?? value, value),
    null,
  );
}

function blockOf(share: number): string {
  const height = Number.isFinite(share) ? Math.ceil(share * BLOCKS.length) : 1;
  return BLOCKS[Math.min(BLOCKS.length, Math.max(1, height)) - 1] ?? "";
}
