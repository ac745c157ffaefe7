const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{.*\})?) (\S+)$/;

/** Values of a page in text format 0.0.4 by series, as they are written. */
export function sampleValues(page: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of page.split("\n")) {
    const [, series, value] = SAMPLE.exec(line) ?? [];
    if (series !== undefined) values.set(series, Number(value));
  }
  return values;
}

/** Families whose series depend on the machine that the test runs on, such as its conntrack. */
const OF_THE_MACHINE = /conntrack|^oie_build_info|^process_/;

/**
 * What stays the same from run to run of one page: help, type and series, sorted as on the page,
 * without values and without the families that tell of the machine.
 */
export function seriesShape(page: string): string {
  const lines = page.split("\n").filter((line) => {
    const name = line.startsWith("# ") ? line.split(" ", 3)[2] : line;
    return !OF_THE_MACHINE.test(name ?? "");
  });
  return lines.map((line) => SAMPLE.exec(line)?.[1] ?? line).join("\n");
}
