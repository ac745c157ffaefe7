import type { Family } from "./family.ts";
import type { Sample } from "./sample.ts";

/** The content type of Prometheus' text format 0.0.4. */
export const EXPOSITION_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** The two comment lines that open a family. */
export function familyHeader(family: Family): string {
  return `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.type}\n`;
}

/** One line of the page, with its line feed. */
export function sampleLine({ family, labels, value }: Sample): string {
  return family.name + labels.text + " " + formatValue(value) + "\n";
}

/** A value as Go's strconv.ParseFloat reads it. */
export function formatValue(value: number | bigint): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  return String(value);
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
