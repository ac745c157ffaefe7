import { plainLine } from "../screen/ansi.ts";
import { wholeTable } from "../screen/screen.ts";
import { beginTop, listedInstances } from "../screen/top_state.ts";
import { AnswerError, type FreshSnapshot } from "./node_client.ts";
import { openClient } from "./open_client.ts";
import { isClosed, showScreen } from "./screen_session.ts";
import { terminalSize, writeOut } from "./terminal.ts";
import type { TopOptions } from "./top_command.ts";
import { UsageError } from "../config/usage_error.ts";

/** Terminals that can write in one colour alone. */
const WITHOUT_COLOURS = /^vt\d|-m(ono)?$/;
/** Text of JSON that a terminal would obey, or show as it is not, were it printed there. */
const RISKY = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Does what `top` was asked for.
 *
 * @throws {UsageError} If it wants a screen where there is none.
 * @throws {Error} If the exporter does not answer the first question; the message is one line.
 */
export async function runTop(options: TopOptions): Promise<void> {
  const term = Deno.env.get("TERM") ?? "";
  const isScreen = options.form === "screen";
  if (isScreen && !(Deno.stdin.isTerminal() && Deno.stdout.isTerminal())) {
    throw new UsageError("Cannot show a screen: this is no terminal, give -once or -json");
  }
  using client = openClient(options);
  let first: FreshSnapshot;
  try {
    first = await client.snapshot();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    throw new Error(`Cannot read ${options.url}: ${error.message}`);
  }
  if (isScreen && term !== "" && term !== "dumb") {
    const hasColours = !Deno.noColor && !WITHOUT_COLOURS.test(term);
    return await showScreen(options, { client, first, hasColours });
  }
  try {
    writeOut(options.form === "json" ? json(options, first) : table(options, first));
  } catch (error) {
    // Who reads has enough.
    if (!isClosed(error)) throw error;
  }
}

function table({ sort, filter }: TopOptions, first: FreshSnapshot): string {
  const reception = { ...first, atMs: 0 };
  // A file has no edge.
  const columns = Deno.stdout.isTerminal() ? terminalSize()?.columns ?? Infinity : Infinity;
  const state = beginTop({ size: { columns, rows: Infinity }, nowMs: 0, reception, sort, filter });
  return `${wholeTable(state).map(plainLine).join("\n")}\n`;
}

function json({ sort, filter }: TopOptions, { snapshot, ageMs }: FreshSnapshot): string {
  const instances = listedInstances({
    reception: { snapshot, ageMs, atMs: 0 },
    filter,
    sort,
    isReversed: false,
  });
  return `${JSON.stringify({ ...snapshot, instances }).replace(RISKY, escaped)}\n`;
}

function escaped(character: string): string {
  return character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
