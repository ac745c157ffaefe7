import type { FlagRow } from "../../lib/config/flag_row.ts";
import type { FlagName } from "../../lib/config/flags.ts";
import { FLAGS } from "../../lib/config/flags.ts";
import { type KindName, KINDS } from "../../lib/config/kinds.ts";
import { type SubcommandFlag, SUBCOMMANDS } from "../../lib/config/subcommands.ts";
import { flagGroups } from "../../lib/config/usage.ts";
import { KIND_NOTES, type KindNote } from "./kind_notes.ts";

const NOTES: Readonly<Record<KindName, KindNote>> = KIND_NOTES;

/** Examples of flags for which the example of their kind would make no sense. */
export const FLAG_EXAMPLES: Partial<Record<FlagName, string>> = {
  "web.config.file": "/etc/openstack_instance_exporter/web.yml",
  "web.history": "0",
  "web.max-connections": "1000",
  "web.max-requests": "80",
  "dynamic.cache.expiration": "1m",
  "conntrack.min": "1",
  "cpu.min": "0",
  "threatfile.path": "/var/log/openstack_instance_exporter/threat.log",
  "threat.cache.dir": "/var/cache/openstack_instance_exporter",
  "log.file.path": "/var/log/openstack_instance_exporter/exporter.log",
};

/** Flags that most nodes set, for the README. */
const FIRST_FLAGS: readonly FlagName[] = [
  "web.listen-address",
  "web.config.file",
  "libvirt.uri",
  "collection.interval",
  "cpu.min",
  "conntrack.min",
  "outbound.behavior.enable",
  "inbound.behavior.enable",
  "read.thresholds",
  "instance.filter",
  "metrics.names",
  "log.level",
];

/** The flags that most nodes set, as one table of Markdown. */
export function firstFlagsMarkdown(): string {
  const rows: readonly FlagRow[] = FLAGS;
  const first = FIRST_FLAGS.map((name) => rows.find((row) => row.name === name))
    .filter((row) => row !== undefined);
  return table(
    ["Flag", "Default", "Meaning"],
    first.map((row) => [code(`-${row.name}`), defaultOf(row), row.help]),
  );
}

/** Every flag, then every kind of value, as tables of Markdown. */
export function flagsMarkdown(): string {
  const groups = [...flagGroups()].map(([group, rows]) =>
    `### ${group}\n\n` + table(
      ["Flag", "Kind", "Default", "Meaning", "Example"],
      rows.map((row) => [
        code(`-${row.name}`),
        row.kind,
        defaultOf(row),
        row.help,
        code(exampleOf(row)),
      ]),
    )
  );
  const kinds = (Object.keys(KINDS) as KindName[]).map((kind) => {
    const { accepts, examples, refused } = NOTES[kind];
    return [kind, accepts, valuesOf(examples), valuesOf(refused)];
  });
  const subcommands = SUBCOMMANDS.map(({ name, synopsis, help, flags }) =>
    `### The word \`${name}\`\n\n${help}: \`openstack_instance_exporter ${name} ${synopsis}\`.\n\n` +
    table(
      ["Flag", "Default", "Meaning", "What is taken"],
      flags.map((flag) => [
        code(`-${flag.name}`),
        flag.default === "" ? "empty" : code(flag.default),
        flag.help,
        takenBy(flag),
      ]),
    )
  );
  return [
    ...groups,
    ...subcommands,
    "### Kinds of values\n\n" + table(["Kind", "What is taken", "Such as", "Refused"], kinds),
  ].join("\n");
}

/** A flag with a value that is not its default, as an operator would write it. */
export function exampleOf({ name, kind, default: preset }: FlagRow): string {
  if (kind === "boolean") return preset === "true" ? `-${name}=false` : `-${name}`;
  const own: Readonly<Record<string, string>> = FLAG_EXAMPLES;
  const value = own[name] ?? NOTES[kind].examples[0];
  return `-${name}=${/[()|&$*?;]/.test(value) ? `'${value}'` : value}`;
}

function takenBy({ value }: SubcommandFlag): string {
  if (typeof value !== "string") return value.map(code).join(", ");
  return value === "file" ? "a path" : value === "text" ? "any text" : "`true` or `false`";
}

function defaultOf(row: FlagRow): string {
  return row.default === "" ? "empty" : code(row.default);
}

function valuesOf(values: readonly string[]): string {
  return values.map((value) => value === "" ? "empty" : code(value.replaceAll("\n", "\\n")))
    .join(", ");
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(titles) + line(titles.map(() => "---")) + rows.map(line).join("");
}
