import { type Subcommand, SUBCOMMANDS } from "../../lib/config/subcommands.ts";
import { type CompletedFlag, completedFlags } from "./completed_flag.ts";

/** Completion for zsh, of the program's flags and subcommands; a function for a folder of `fpath`. */
export function zshCompletion(): string {
  const words = SUBCOMMANDS.map(({ name, help }) => quoted(`${name}:${help}`)).join(" ");
  return `#compdef openstack_instance_exporter
# Generated from the table of flags by "deno task docs": change nothing here.

local -a commands=(${words})
case $words[2] in
${SUBCOMMANDS.map(subcommand).join("")}esac
if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
  _describe command commands
  return
fi
_arguments \\
${completedFlags().map((flag) => `  ${argument(flag)}`).join(" \\\n")}
`;
}

function subcommand({ name, flags, takesFiles }: Subcommand): string {
  const specifications = [...flags.map(argument), ...takesFiles ? ["'*:list:_files'"] : []];
  return `  ${name})
    if (( CURRENT > 2 )); then
      _arguments 1:command: ${specifications.join(" ")}
      return
    fi
    ;;
`;
}

/** What `_arguments` of zsh takes for one flag: its value may be in the same word or the next one. */
function argument({ name, help, placeholder, value }: CompletedFlag): string {
  const explained = `[${help.replace(/[\\[\]]/g, "\\$&")}]`;
  if (value === "switch") {
    return quoted(name === "h" ? `-h${explained}` : `*-${name}=-${explained}::value:(true false)`);
  }
  const message = placeholder.replaceAll(":", "\\:");
  const action = value === "file" ? "_files" : value === "text" ? " " : `(${value.join(" ")})`;
  return quoted(`*-${name}=${explained}:${message}:${action}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
