import type { FlagRow } from "../../lib/config/flag_row.ts";
import { FLAGS } from "../../lib/config/flags.ts";
import { KINDS } from "../../lib/config/kinds.ts";
import type { SubcommandFlag } from "../../lib/config/subcommands.ts";

/** A flag as a shell completes it. */
export type CompletedFlag = Omit<SubcommandFlag, "default">;

/** Every flag of the program, `-h` among them. */
export function completedFlags(): readonly CompletedFlag[] {
  const rows: readonly FlagRow[] = FLAGS;
  const usage: CompletedFlag = {
    name: "h",
    help: "Print the flags",
    placeholder: "",
    value: "switch",
  };
  return [
    ...rows.map(({ name, kind, help }) => {
      const { placeholder } = KINDS[kind];
      return { name, help, placeholder, value: valueOf(kind, placeholder) };
    }),
    usage,
  ];
}

function valueOf(kind: FlagRow["kind"], placeholder: string): CompletedFlag["value"] {
  if (kind === "boolean") return "switch";
  if (kind === "path") return "file";
  return placeholder.includes("|") ? placeholder.split("|") : "text";
}
