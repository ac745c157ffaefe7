import { parseBoolean } from "./numbers.ts";
import { quote } from "./quote.ts";
import type { Subcommand, SubcommandFlag } from "./subcommands.ts";
import { UsageError } from "./usage_error.ts";

type NameOf<C extends Subcommand> = C["flags"][number]["name"];

/** What stands behind the name of a subcommand. */
export interface SubcommandArguments<Name extends string> {
  /** The value of each flag, or its default; `true` or `false` of a switch. */
  readonly flags: Readonly<Record<Name, string>>;
  /** What belongs to no flag. */
  readonly operands: readonly string[];
  readonly wantsHelp: boolean;
}

/**
 * Reads the arguments of a subcommand by the rules of the program's own flags; operands may stand
 * anywhere.
 *
 * @throws {UsageError} If a flag is unknown, lacks its value or has one that it cannot have.
 */
export function parseSubcommand<const C extends Subcommand>(
  command: C,
  args: readonly string[],
): SubcommandArguments<NameOf<C>> {
  const { name: commandName, flags: rows }: Subcommand = command;
  const values = new Map(rows.map((row) => [row.name, row.default]));
  const operands: string[] = [];
  let wantsHelp = false;
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? "";
    const [, name, inline] = /^--?([^=]*)(?:=([^]*))?$/.exec(argument) ?? [];
    if (name === undefined) {
      operands.push(argument);
      continue;
    }
    const row = rows.find((row) => row.name === name);
    if (row !== undefined) {
      const text = inline ?? (row.value === "switch" ? "true" : args[++at]);
      values.set(name, valueOf(row, text));
    } else if (name === "h" || name === "help") {
      wantsHelp = true;
    } else {
      const known = rows.map(({ name }) => `-${name}`).join(", ");
      throw new UsageError(
        `Cannot parse flag ${quote(argument)}: ${commandName} has only ${known}`,
      );
    }
  }
  // Each row has put a value under its name, which is what the type says.
  const flags = Object.fromEntries(values) as Record<NameOf<C>, string>;
  return { flags, operands, wantsHelp };
}

/** The text of a subcommand's `-h`: its flags, then what else there is to know. Ends with a newline. */
export function subcommandUsage(
  { name, synopsis, help, flags }: Subcommand,
  more: string,
): string {
  const rows = flags.map((flag) => {
    const isPlain = flag.default === "" || flag.value === "switch";
    const words = Array.isArray(flag.value) ? `: ${flag.value.join(", ")}` : "";
    return `  -${`${flag.name} ${flag.placeholder}`.trimEnd()}\n` +
      `        ${flag.help}${words}${isPlain ? "" : ` (default ${flag.default})`}\n`;
  });
  return `Usage of ${name}:\n\nopenstack_instance_exporter ${name} ${synopsis}\n` +
    `        ${help}\n\n${rows.join("")}\n${more}\n`;
}

function valueOf({ name, value }: SubcommandFlag, text: string | undefined): string {
  const failed = (reason: string) => new UsageError(`Cannot parse flag -${name}: ${reason}`);
  if (text === undefined) throw failed("it needs a value, none follows");
  if (Array.isArray(value) && !value.includes(text)) {
    throw failed(`${quote(text)} is not one of ${value.join(", ")}`);
  }
  if (value !== "switch") return text;
  try {
    return String(parseBoolean(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw failed(error.message);
    throw error;
  }
}
