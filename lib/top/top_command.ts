import { parseSubcommand, subcommandUsage } from "../config/parse_subcommand.ts";
import { quote } from "../config/quote.ts";
import { TOP } from "../config/subcommands.ts";
import { UsageError } from "../config/usage_error.ts";
import type { SortName } from "../screen/instance_order.ts";

const MORE =
  `The screen has help under "?". -once and -json end with 0 where the exporter answered, with 1 where
it did not, and with 2 where the arguments are wrong. Connections are direct: no proxy is used.`;

/** What `top` was asked for. */
export interface TopOptions {
  /** Where the exporter serves, with a slash at its end. */
  readonly url: string;
  /** Undefined where the exporter asks for nobody. */
  readonly login: { readonly user: string; readonly passwordFile: string } | undefined;
  /** Path of certificates to trust; undefined trusts the system's alone. */
  readonly caFile: string | undefined;
  readonly sort: SortName;
  readonly filter: string;
  readonly form: "screen" | "once" | "json";
}

/** What the command line asks of `top`. */
export type TopCommand =
  | { readonly action: "help"; readonly text: string }
  | { readonly action: "show"; readonly options: TopOptions };

/**
 * Reads the arguments behind `top`.
 *
 * @throws {UsageError} If one is wrong.
 */
export function parseTopArguments(args: readonly string[]): TopCommand {
  const { flags, operands: [stray], wantsHelp } = parseSubcommand(TOP, args);
  if (wantsHelp) return { action: "help", text: subcommandUsage(TOP, MORE) };
  if (stray !== undefined) {
    throw new UsageError(
      `Cannot parse argument ${quote(stray)}: top takes flags alone, see top -h`,
    );
  }
  const { user } = flags;
  const passwordFile = flags["password.file"];
  if ((user === "") !== (passwordFile === "")) {
    throw new UsageError("Cannot use one of -user and -password.file: the other one is empty");
  }
  if (user.includes(":")) {
    throw new UsageError(`Cannot parse flag -user: ${quote(user)} has a colon, which no user has`);
  }
  return {
    action: "show",
    options: {
      url: parseTopUrl(flags.url),
      login: user === "" ? undefined : { user, passwordFile },
      caFile: flags["ca.file"] || undefined,
      // It is one of these words: the parser took it.
      sort: flags.sort as SortName,
      filter: flags.filter,
      form: flags.json === "true" ? "json" : flags.once === "true" ? "once" : "screen",
    },
  };
}

function parseTopUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || /\s/.test(text)) {
    throw new UsageError(
      `Cannot parse flag -url: ${quote(text)} is not a URL such as https://node1.example:9120`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(
      "Cannot parse flag -url: it has a user or a password, which others could read; " +
        "give -user and -password.file",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new UsageError(
      `Cannot parse flag -url: ${quote(text)} has more than an address and a path`,
    );
  }
  return url.href.replace(/\/*$/, "/");
}
