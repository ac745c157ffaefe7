import { type Subcommand, SUBCOMMANDS } from "../../lib/config/subcommands.ts";
import { type CompletedFlag, completedFlags } from "./completed_flag.ts";

/** Completion for bash, of the program's flags and subcommands; needs nothing but bash 4. */
export function bashCompletion(): string {
  const flags = completedFlags();
  const commands = SUBCOMMANDS.map(({ name }) => name).join(" ");
  return `# Generated from the table of flags by "deno task docs": change nothing here.

_openstack_instance_exporter() {
  local word=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD - 1]} inline='' flags
  # bash splits -flag=value at the equals sign, which is a word then.
  if [[ $word == = ]]; then
    word='' inline=yes
  elif [[ $flag == = ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]} inline=yes
  fi
  COMPREPLY=()
  case \${COMP_WORDS[1]}\${flag/#--/-} in
${SUBCOMMANDS.map(subcommandCases).join("")}  esac
  case \${flag/#--/-} in
${valueCases(flags)}  esac
  [[ -z $inline ]] || return
  flags='${flags.map(({ name }) => `-${name}`).join(" ")}'
  case $word in
  --*) mapfile -t COMPREPLY < <(compgen -P - -W "$flags" -- "\${word#-}") ;;
  -*) mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word") ;;
  *) if ((COMP_CWORD == 1)); then mapfile -t COMPREPLY < <(compgen -W '${commands}' -- "$word"); fi ;;
  esac
}

complete -F _openstack_instance_exporter openstack_instance_exporter
`;
}

function subcommandCases({ name, flags, takesFiles }: Subcommand): string {
  const operands = takesFiles
    ? `    *)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
`
    : "";
  return `${valueCases(flags, name)}  ${name}*)
    case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W '${
    flags.map((flag) => `-${flag.name}`).join(" ")
  }' -- "$word") ;;
${operands}    esac
    return
    ;;
`;
}

/** One case for all flags that take the same values; of a subcommand they follow its name. */
function valueCases(flags: readonly CompletedFlag[], command = ""): string {
  // Behind a switch the flags of the subcommand go on, in a case below.
  const end = command === "" ? ";;" : ";;&";
  const byValue = Map.groupBy(flags, ({ value }) => Array.isArray(value) ? value.join(" ") : value);
  return [...byValue].map(([value, same]) =>
    `  ${same.map(({ name }) => `${command}-${name}`).join(" | ")})\n${
      completing(String(value))
    }    ${end}\n`
  ).join("");
}

function completing(value: string): string {
  switch (value) {
    case "text":
      return "    return\n";
    case "file":
      return "    compopt -o filenames 2>/dev/null\n" +
        '    mapfile -t COMPREPLY < <(compgen -f -- "$word")\n    return\n';
    case "switch":
      return "    if [[ -n $inline ]]; then\n" +
        `      mapfile -t COMPREPLY < <(compgen -W 'true false' -- "$word")\n      return\n    fi\n`;
    default:
      return `    mapfile -t COMPREPLY < <(compgen -W '${value}' -- "$word")\n    return\n`;
  }
}
