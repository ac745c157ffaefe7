/** How a column is set: text to the left, figures to the right. */
export type Alignment = "left" | "right";

/**
 * Sets rows in columns, two blanks apart, without blanks at the end of a line. Widths are counted in
 * code points.
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string {
  const widths = alignments.map((_, at) =>
    rows.reduce((width, row) => Math.max(width, length(row[at] ?? "")), 0)
  );
  return rows.map((row) =>
    row.map((cell, at) => {
      const padding = " ".repeat((widths[at] ?? 0) - length(cell));
      return alignments[at] === "right" ? padding + cell : cell + padding;
    }).join("  ").trimEnd()
  ).join("\n");
}

function length(text: string): number {
  return [...text].length;
}
