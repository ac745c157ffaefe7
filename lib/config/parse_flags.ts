import { checkConfig } from "./check_config.ts";
import { type Config, FLAG_BY_NAME } from "./config.ts";
import type { FlagRow } from "./flag_row.ts";
import { FLAGS } from "./flags.ts";
import { KINDS } from "./kinds.ts";
import { quote } from "./quote.ts";
import { usage } from "./usage.ts";
import { UsageError } from "./usage_error.ts";

/** What a command line asks for. */
export type Command =
  | { readonly action: "run"; readonly config: Config }
  | { readonly action: "help"; readonly text: string }
  | { readonly action: "version" };

/**
 * Reads a command line as Go's flag package does: `-x=v`, `-x v`, `--x=v`, `--x v`, booleans without
 * a value, the last one of a repeated flag counts, `--` ends the flags.
 *
 * @param args The arguments without the program's name.
 * @throws {UsageError} If an argument is wrong; the first wrong one is named.
 */
export function parseFlags(args: readonly string[]): Command {
  const values = new Map<string, unknown>();
  for (const row of FLAGS) values.set(row.name, valueOf(row, row.default));
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? "";
    if (argument === "--") {
      refuseStray(args[at + 1]);
      break;
    }
    if (argument.length < 2 || !argument.startsWith("-")) refuseStray(argument);
    const { name, value } = split(argument);
    const row = FLAG_BY_NAME.get(name);
    if (row === undefined) {
      if (name === "h" || name === "help") return { action: "help", text: usage() };
      throw new UsageError(`Cannot parse flag ${shown(name)}: there is no such flag, see -h`);
    }
    let text = value ?? (row.kind === "boolean" ? "true" : undefined);
    if (text === undefined) {
      text = args[++at];
      if (text === undefined) {
        throw new UsageError(`Cannot parse flag -${name}: it needs a value, none follows`);
      }
    }
    values.set(name, valueOf(row, text));
  }
  if (values.get("version") === true) return { action: "version" };
  // The loop above put a value of the row's kind under each name, which is what the type says.
  const config = Object.fromEntries(values) as unknown as Config;
  checkConfig(config);
  return { action: "run", config };
}

function split(argument: string): { name: string; value: string | undefined } {
  const body = argument.slice(argument.startsWith("--") ? 2 : 1);
  if (body.startsWith("-") || body.startsWith("=")) {
    throw new UsageError(`Cannot parse flag ${quote(argument)}: it has no name, see -h`);
  }
  const equals = body.indexOf("=");
  if (equals < 0) return { name: body, value: undefined };
  return { name: body.slice(0, equals), value: body.slice(equals + 1) };
}

function valueOf(row: FlagRow, text: string): unknown {
  try {
    return KINDS[row.kind].parse(text);
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw new UsageError(`Cannot parse flag -${row.name}: ${error.message}`);
  }
}

function refuseStray(argument: string | undefined): void {
  if (argument === undefined) return;
  throw new UsageError(
    `Cannot parse argument ${quote(argument)}: it belongs to no flag, ` +
      "flags are -name=value and booleans take no value after a blank",
  );
}

/** A name as it was typed, unless it holds something a line of an error should not hold. */
function shown(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? `-${name}` : quote(`-${name}`);
}
