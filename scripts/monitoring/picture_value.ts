const PREFIXES = ["", "k", "M", "G", "T"];

/** Units that are not a number with a prefix, by Grafana's name. */
const WRITTEN: Readonly<Record<string, (value: number) => string>> = {
  percent: (value) => `${rounded(value)} %`,
  percentunit: (value) => `${rounded(value * 100)} %`,
  bool_on_off: (value) => value === 0 ? "off" : "on",
  s: seconds,
};

/** What stands behind the prefix, and the step from one prefix to the next. */
const SCALED: Readonly<Record<string, readonly [suffix: string, step: number]>> = {
  bytes: ["iB", 1024],
  binBps: ["iB/s", 1024],
  reqps: [" req/s", 1000],
  pps: [" p/s", 1000],
  cps: [" c/s", 1000],
};

/** A number in one of Grafana's units, short enough for an axis. */
export function valueText(value: number, unit = "short"): string {
  if (!Number.isFinite(value)) return "–";
  const write = WRITTEN[unit];
  if (write !== undefined) return write(value);
  const [suffix, step] = SCALED[unit] ?? ["", 1000];
  let power = 0;
  let scaled = value;
  while (Math.abs(scaled) >= step && power < PREFIXES.length - 1) {
    scaled /= step;
    power++;
  }
  const prefix = PREFIXES[power] ?? "";
  if (step === 1024) {
    const bytes = power === 0 ? suffix.replace("iB", "B") : `${prefix.toUpperCase()}${suffix}`;
    return `${rounded(scaled)} ${bytes}`;
  }
  return suffix === "" ? `${rounded(scaled)}${prefix}` : `${rounded(scaled)}${prefix}${suffix}`;
}

function seconds(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return `${rounded(value * 1e6)} µs`;
  if (size !== 0 && size < 1) return `${rounded(value * 1000)} ms`;
  if (size < 120) return `${rounded(value)} s`;
  return size < 7200 ? `${rounded(value / 60)} min` : `${rounded(value / 3600)} h`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
