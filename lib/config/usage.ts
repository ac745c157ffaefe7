import type { FlagRow } from "./flag_row.ts";
import { FLAGS } from "./flags.ts";
import { KINDS } from "./kinds.ts";
import { SUBCOMMANDS } from "./subcommands.ts";

/** The text of `-h`: every flag with its default, by group. Ends with a newline. */
export function usage(): string {
  const parts = [
    "Usage of openstack_instance_exporter:\n",
    "\nopenstack_instance_exporter [flags]\n        Serve metrics\n",
    ...SUBCOMMANDS.map(({ name, synopsis, help }) =>
      `openstack_instance_exporter ${name} ${synopsis}\n        ${help}\n`
    ),
  ];
  for (const [group, rows] of flagGroups()) {
    parts.push(`\n${group}\n`);
    for (const row of rows) parts.push(usageOf(row));
  }
  return parts.join("");
}

/** The flags by group, in the order of the usage text. */
export function flagGroups(): ReadonlyMap<string, readonly FlagRow[]> {
  const rows: readonly FlagRow[] = FLAGS;
  return Map.groupBy(rows, (row) => row.group);
}

function usageOf(row: FlagRow): string {
  const { placeholder } = KINDS[row.kind];
  const isPlain = row.default === "" || (row.kind === "boolean" && row.default === "false");
  const shown = isPlain ? "" : ` (default ${row.default})`;
  const name = placeholder === "" ? row.name : `${row.name} ${placeholder}`;
  return `  -${name}\n        ${row.help}${shown}\n`;
}
