import { quote } from "../config/quote.ts";
import { parseSubcommand, subcommandUsage } from "../config/parse_subcommand.ts";
import { CHECK_LIST, type CheckKind } from "../config/subcommands.ts";
import { UsageError } from "../config/usage_error.ts";
import { openFeedClient } from "./feed_client.ts";
import { readListFile } from "./feed_file.ts";
import { readListUrl } from "./feed_http.ts";
import { FeedError, refusedOf, refuseEmpty } from "./feed_source.ts";
import { shownUrl } from "./feed_url.ts";
import { LIST_FORMATS } from "./list_parser.ts";
import { THREAT_LISTS, type ThreatListName } from "./lists.ts";
import { formatPrefix } from "./parse_prefix.ts";
import type { ParsedList } from "./parsed_list.ts";
import { entriesOf, type PrefixTable } from "./prefix_set.ts";

const MOST_WIDEST = 5;

const EXIT_CODES =
  `It ends with 0 where the exporter would take the list, with 1 where it would not, and with 2 where
the arguments are wrong.`;

/** What is checked, and as what. */
export interface CheckedList {
  /** A path, or a URL of http or https. */
  readonly place: string;
  /** A kind of list, or the name of the list that it is for. */
  readonly kind: CheckKind;
}

/** What the command line asks of `check-list`. */
export type CheckCommand =
  | { readonly action: "help"; readonly text: string }
  | { readonly action: "check"; readonly list: CheckedList };

/** What the check tells: text for standard output, and the exit code of the program. */
export interface ListVerdict {
  readonly text: string;
  /** 0 where the exporter would take the list, else 1. */
  readonly code: 0 | 1;
}

/**
 * Reads the arguments behind `check-list`.
 *
 * @throws {UsageError} If one is wrong, or the file or URL is missing.
 */
export function parseCheckArguments(args: readonly string[]): CheckCommand {
  const { flags, operands: [place, second], wantsHelp } = parseSubcommand(CHECK_LIST, args);
  if (wantsHelp) return { action: "help", text: subcommandUsage(CHECK_LIST, EXIT_CODES) };
  if (place === undefined || place === "") {
    throw new UsageError(
      "Cannot check a list: give its file or URL, check-list FILE|URL [-kind=...]",
    );
  }
  if (second !== undefined) {
    throw new UsageError(
      `Cannot parse argument ${quote(second)}: check-list takes one file or URL`,
    );
  }
  // It is one of these words: the parser took it.
  return { action: "check", list: { place, kind: flags.kind as CheckKind } };
}

/** Reads a list once, as the exporter would, and tells what came of it. */
export async function checkList({ place, kind }: CheckedList): Promise<ListVerdict> {
  const isUrl = /^https?:\/\//i.test(place) && URL.canParse(place);
  const format = LIST_FORMATS.find((known) => known === kind) ??
    THREAT_LISTS.find(({ name }) => name === kind)?.format ?? "auto";
  const head = `list: ${shownUrl(place)}\n`;
  try {
    const list = isUrl
      ? await readListUrl({ url: place, format, openClient: openFeedClient })
      : await readListFile({ path: place, format }, new AbortController().signal);
    return verdictOf(list, head, kind);
  } catch (error) {
    if (!(error instanceof FeedError)) throw error;
    return { text: `${head}kind: ${kind}\naccepted: no, ${error.message}\n`, code: 1 };
  }
}

function verdictOf(list: ParsedList, head: string, kind: CheckKind): ListVerdict {
  const { set: { ipv4, ipv6 }, read, skipped, examples } = list;
  const entries = entriesOf(list.set);
  const lines = [
    `kind: ${kind}${kind === list.kind ? "" : `, written as ${list.kind}`}`,
    `lists: ${listsOf(list, kind).join(" ") || "-"}`,
    `entries: ${entries} (IPv4 ${ipv4.bits.length}, IPv6 ${ipv6.bits.length})`,
    `repeated: ${read - entries}`,
    `widest: ${[...widestOf(ipv4), ...widestOf(ipv6)].join(" ") || "-"}`,
    `refused: ${refusedOf(list) || "-"}`,
    `skipped: ${skipped}`,
    ...examples.map(({ line, text, reason }) => `  line ${line}: ${reason}: ${quote(text)}`),
  ];
  if (skipped > examples.length) lines.push(`  and ${skipped - examples.length} more`);
  try {
    refuseEmpty(list);
    lines.push("accepted: yes");
    return { text: `${head}${lines.join("\n")}\n`, code: 0 };
  } catch (error) {
    if (!(error instanceof FeedError)) throw error;
    lines.push(`accepted: no, ${error.message}`);
    return { text: `${head}${lines.join("\n")}\n`, code: 1 };
  }
}

/** The lists of the exporter that would read it so: it is accepted for these and no others. */
function listsOf(list: ParsedList, kind: CheckKind): readonly ThreatListName[] {
  const right = THREAT_LISTS.filter(({ name, format }) => {
    // Every list takes plain lines.
    if (kind === "auto") return list.kind === "plain" || format === list.kind;
    return kind === name || kind === format;
  });
  return entriesOf(list.set) === 0 ? [] : right.map(({ name }) => name);
}

/** The widest prefixes of a table that are wider than one address, in the order of their size. */
function widestOf(table: PrefixTable): string[] {
  const widest: number[] = [];
  table.bits.forEach((length, at) => {
    if (length === 32 * table.width) return;
    const place = widest.findIndex((other) => length < table.bits[other]!);
    widest.splice(place < 0 ? widest.length : place, 0, at);
    if (widest.length > MOST_WIDEST) widest.pop();
  });
  return widest.map((at) => formatPrefix(table, at));
}
