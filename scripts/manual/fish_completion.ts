import { SUBCOMMANDS } from "../../lib/config/subcommands.ts";
import { type CompletedFlag, completedFlags } from "./completed_flag.ts";

const COMPLETE = "complete -c openstack_instance_exporter";

/** Completion for fish, of the program's flags and subcommands. */
export function fishCompletion(): string {
  const names = SUBCOMMANDS.map(({ name }) => name).join(" ");
  const serving = `-n ${quoted(`not __fish_seen_subcommand_from ${names}`)}`;
  const lines = SUBCOMMANDS.flatMap(({ name, help, flags, takesFiles }) => {
    const there = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
    return [
      `${COMPLETE} -n __fish_use_subcommand -a ${name} -d ${quoted(help)}`,
      ...takesFiles ? [`${COMPLETE} ${there} -F`] : [],
      ...flags.map((flag) => `${COMPLETE} ${there} ${option(flag)}`),
    ];
  });
  return `# Generated from the table of flags by "deno task docs": change nothing here.

${COMPLETE} -f
${lines.join("\n")}
${completedFlags().map((flag) => `${COMPLETE} ${serving} ${option(flag)}`).join("\n")}
`;
}

function option({ name, help, value }: CompletedFlag): string {
  const head = `-o ${name} -d ${quoted(help)}`;
  if (value === "switch") return head;
  if (value === "file") return `${head} -r -F`;
  return value === "text" ? `${head} -x` : `${head} -x -a ${quoted(value.join(" "))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
