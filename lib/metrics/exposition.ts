import type { MetricType } from "./family.ts";

/** The formats a page can have: Prometheus' text format 0.0.4 and OpenMetrics 1.0. */
export type ExpositionFormat = "text" | "openMetrics";

/** What opens a family. */
interface Header {
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
}

interface FormatRules {
  readonly contentType: string;
  /** The comment lines that open a family. */
  header(family: Header): string;
  /** The name under which the time is told when a counter began at zero, if the format has one. */
  readonly created?: (counterName: string) => string;
  /** What ends a page. */
  readonly end: string;
}

/** Units that OpenMetrics is told where a name ends in one. */
const UNITS = ["seconds", "bytes", "ratio"] as const;
const TOTAL = "_total";

/** How the formats differ; their lines of samples are alike. */
export const FORMATS: Readonly<Record<ExpositionFormat, FormatRules>> = {
  text: {
    contentType: "text/plain; version=0.0.4; charset=utf-8",
    header: ({ name, type, help }) =>
      `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`,
    end: "",
  },
  // Its counters are named without _total; only their lines have it ("Counter").
  openMetrics: {
    contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8",
    header: ({ name, type, help }) => {
      const base = withoutTotal(name);
      const unit = UNITS.find((unit) => base.endsWith(`_${unit}`));
      return `# HELP ${base} ${escapeHelp(help).replaceAll('"', '\\"')}\n# TYPE ${base} ${type}\n` +
        (unit ? `# UNIT ${base} ${unit}\n` : "");
    },
    created: (counterName) => `${withoutTotal(counterName)}_created`,
    end: "# EOF\n",
  },
};

/** A value as Go's strconv.ParseFloat reads it. */
export function formatValue(value: number | bigint): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  return String(value);
}

function withoutTotal(name: string): string {
  return name.endsWith(TOTAL) ? name.slice(0, -TOTAL.length) : name;
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
