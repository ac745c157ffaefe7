import { alignColumns } from "../../scripts/demo/table.ts";
import type { BenchRow } from "./bench.ts";

/** The figures as one table; without `judge` no row passes or fails. */
export function formatRows(
  rows: readonly BenchRow[],
  { judge }: { readonly judge: boolean },
): string {
  return alignColumns([
    ["what", "ours", "against", "ratio", "bar", ""],
    ...rows.map(({ what, ours, against, ratio, bar, pass }) => [
      what,
      ours,
      against,
      ratio.toFixed(2),
      bar,
      judge ? pass ? "pass" : "FAIL" : "",
    ]),
  ], ["left", "left", "left", "right", "left", "left"]);
}
