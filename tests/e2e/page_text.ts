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
const OF_THE_MACHINE =
  /conntrack|^oie_build_info|^oie_libvirt_info|^oie_host_(cpu|cpus|memory|numa)_|^process_/;

/**
 * What stays the same from run to run of one page: help, type and series in the order of the page,
 * without values and without the families that tell of the machine. Series of one family are sorted:
 * libvirt lists domains in the order of a hash.
 */
export function seriesShape(page: string): string {
  const shape: string[] = [];
  let series: string[] = [];
  for (const line of page.split("\n")) {
    const isComment = line.startsWith("# ");
    if (line === "" || OF_THE_MACHINE.test(isComment ? line.split(" ", 3)[2] ?? "" : line)) {
      continue;
    }
    if (isComment) {
      shape.push(...series.sort(), line);
      series = [];
    } else {
      series.push(SAMPLE.exec(line)?.[1] ?? line);
    }
  }
  return [...shape, ...series.sort(), ""].join("\n");
}
