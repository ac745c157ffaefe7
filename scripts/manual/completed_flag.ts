import type { FlagRow } from "../../lib/config/flag_row.ts";
import { FLAGS } from "../../lib/config/flags.ts";
import { KINDS } from "../../lib/config/kinds.ts";

/** A flag as a shell completes it. */
export interface CompletedFlag {
  readonly name: string;
  readonly help: string;
  /** Word for the value; empty where there need be none. */
  readonly placeholder: string;
  /**
   * What the value may be: one of some words, a file, any text, or nothing (`switch`: then it may be true
   * or false, behind "=" only).
   */
  readonly value: readonly string[] | "file" | "text" | "switch";
}

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
