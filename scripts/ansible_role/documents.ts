import { flagVariables } from "./flag_variables.ts";
import { ownVariables } from "./own_variables.ts";
import { PREFIX, type RoleVariable, yamlString } from "./role_variable.ts";
import { parseUnit } from "./unit.ts";

const GENERATED = `---
# Generated from the program's flags by "deno task docs": change nothing here.
# yamllint disable rule:line-length
`;

/** Every variable of the role, by group. */
function groups(version: string): ReadonlyMap<string, readonly RoleVariable[]> {
  return Map.groupBy([...ownVariables(version), ...flagVariables()], ({ group }) => group);
}

/** `defaults/main.yml` of the role. */
export function roleDefaults(version: string): string {
  const parts = [...groups(version)].map(([group, variables]) =>
    `\n# ${group}\n${variables.map((each) => `${PREFIX}${each.name}: ${each.default}\n`).join("")}`
  );
  return GENERATED + parts.join("");
}

/** `meta/argument_specs.yml` of the role. */
export function roleArgumentSpecs(version: string): string {
  const options = [...groups(version).values()].flat().map((each) => {
    const lines = [
      `${PREFIX}${each.name}:`,
      `  description: ${yamlString(each.description)}`,
      `  type: ${each.type}`,
      `  default: ${each.default}`,
      ...(each.choices === undefined
        ? []
        : ["  choices:", ...each.choices.map((choice) => `    - ${yamlString(choice)}`)]),
      ...(each.isSecret === true ? ["  no_log: true"] : []),
    ];
    return lines.map((line) => `      ${line}\n`).join("");
  });
  return `${GENERATED}argument_specs:
  main:
    short_description: OpenStack Instance Exporter
    description:
      - "Installs the exporter on a compute node, as a systemd service, and removes it."
    author:
      - "The OpenStack Instance Exporter authors"
    options:
${options.join("")}`;
}

/** `vars/main/flags.yml` of the role: the whole command line, and what of it may be left out. */
export function roleFlags(): string {
  const variables = flagVariables();
  const list = (name: string, texts: readonly string[]) =>
    `\n__${PREFIX}${name}:\n${texts.map((text) => `  - ${yamlString(text)}\n`).join("")}`;
  return GENERATED +
    list("command_line", variables.map(({ argument }) => argument)) +
    list("default_command_line", variables.map(({ defaultArgument }) => defaultArgument));
}

/** `vars/main/unit.yml` of the role, from the text of the packaged unit. */
export function roleUnitFacts(unit: string): string {
  const { binary, environmentFile, argumentsVariable, user } = parseUnit(unit);
  return `${GENERATED.replace("the program's flags", "packaging/systemd")}
__${PREFIX}binary: ${binary}
__${PREFIX}environment_file: ${environmentFile}
__${PREFIX}arguments_variable: ${argumentsVariable}
__${PREFIX}user: ${user}
`;
}

/** `galaxy.yml` with the version of this release. */
export function collectionManifest(current: string, version: string): string {
  return current.replace(/^version: .*$/m, `version: ${version}`);
}

/** Every variable as a Markdown table, one a group. */
export function variablesMarkdown(version: string): string {
  return [...groups(version)].map(([group, variables]) => {
    const rows = variables.map((each) => {
      const type = each.choices === undefined
        ? each.type
        : each.choices.map((choice) => choice || "empty").join(", ");
      const shown = each.default === `""` ? "empty" : `\`${each.default}\``;
      const cells = [`\`${PREFIX}${each.name}\``, type, shown, each.description];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
    });
    return `### ${group}\n\n| Variable | Type | Default | Meaning |\n| --- | --- | --- | --- |\n` +
      rows.join("");
  }).join("\n");
}
