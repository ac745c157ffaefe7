import { DIRECTIONS } from "../../lib/config/direction.ts";
import type { FlagRow } from "../../lib/config/flag_row.ts";
import { type FlagName, FLAGS } from "../../lib/config/flags.ts";
import type { KindName } from "../../lib/config/kinds.ts";
import { LOG_FORMATS } from "../../lib/log/format.ts";
import { LOG_LEVELS } from "../../lib/log/logger.ts";
import { PREFIX, type RoleVariable, yamlString } from "./role_variable.ts";

type Check = Pick<RoleVariable, "type" | "choices">;

/** What Ansible checks of a kind before anything is changed; of others the program alone checks the text. */
const CHECKS: { readonly [Kind in KindName]?: Check } = {
  boolean: { type: "bool" },
  count: { type: "int" },
  decimal: { type: "float" },
  direction: { type: "str", choices: DIRECTIONS },
  listDirection: { type: "str", choices: ["", ...DIRECTIONS] },
  logLevel: { type: "str", choices: LOG_LEVELS },
  logFormat: { type: "str", choices: LOG_FORMATS },
};

function checkOf({ kind }: FlagRow): Check {
  return CHECKS[kind] ?? { type: "str" };
}

/** Flags that are no settings of a service. */
const NO_SETTINGS: readonly FlagName[] = ["version"];

/** Defaults that differ from the program's: places that the unit lets it write, files that the role puts there. */
const DEFAULTS: { readonly [Name in FlagName]?: string } = {
  "log.file.path": "/var/log/openstack_instance_exporter/exporter.log",
  "threatfile.path": "/var/log/openstack_instance_exporter/threat.log",
  "threat.cache.dir": "/var/cache/openstack_instance_exporter",
  "web.config.file":
    `{{ (__${PREFIX}web_config | length > 0) | ternary(__${PREFIX}web_config_file, '') }}`,
  "customlist.enable": `{{ ${PREFIX}customlist_src | length > 0 }}`,
  "customlist.path":
    `{{ (${PREFIX}customlist_src | length > 0) | ternary(__${PREFIX}customlist_file, '') }}`,
};

/** What the role asks of a value beyond what the flag does, behind the flag's own sentence. */
const NOTES: { readonly [Name in FlagName]?: string } = {
  "instance.filter": "; quotes and backslashes are refused: write [0-9] and [.]",
};

/** A variable that sets a flag. */
export interface FlagVariable extends RoleVariable {
  /** The command line's argument with the variable in it, as a template of Ansible. */
  readonly argument: string;
  /** The same argument with the program's default. */
  readonly defaultArgument: string;
}

/** The variables that follow from the flags, in their order. */
export function flagVariables(): readonly FlagVariable[] {
  const rows: readonly (FlagRow & { readonly name: FlagName })[] = FLAGS;
  return rows.filter(({ name }) => !NO_SETTINGS.includes(name)).map((row) => {
    const text = DEFAULTS[row.name];
    return {
      group: row.group,
      name: variableName(row.name),
      ...checkOf(row),
      default: text === undefined ? yamlDefault(row) : yamlString(text),
      description: row.help + (NOTES[row.name] ?? ""),
      argument: `-${row.name}={{ ${valueOf(row)} }}`,
      defaultArgument: `-${row.name}=${row.default}`,
    };
  });
}

/** `tor.exit.url` to `tor_exit_url`. */
function variableName(flag: string): string {
  return flag.replaceAll(/[.-]/g, "_");
}

function yamlDefault(row: FlagRow): string {
  return checkOf(row).type === "str" ? yamlString(row.default) : row.default;
}

/** The expression for the flag's text. */
function valueOf(row: FlagRow): string {
  const variable = PREFIX + variableName(row.name);
  if (row.kind === "boolean") return `${variable} | bool | lower`;
  // A path is of no use while what it belongs to is off: it would only make the command line longer.
  const enabling = row.name.replace(/\.path$/, ".enable");
  const isNeeded = enabling !== row.name && FLAGS.some(({ name }) => name === enabling);
  if (!isNeeded) return variable;
  return `(${PREFIX}${variableName(enabling)} | bool) | ternary(${variable}, '${row.default}')`;
}
