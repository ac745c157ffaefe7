import type { LogFields, LogLevel } from "./logger.ts";

/** One event, before it has a form. Plain data: a worker can post it. */
export interface LogEvent {
  /** Milliseconds since 1970, UTC. */
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** The forms a line can have. */
export const LOG_FORMATS = ["logfmt", "json"] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

/** Writes an event as one line that ends with a newline, whatever its texts hold. */
export type FormatEvent = (event: LogEvent) => string;

/** The writer of each form. */
export const FORMAT_EVENT = {
  logfmt: formatLogfmt,
  json: formatJson,
} as const satisfies Readonly<Record<LogFormat, FormatEvent>>;

const LONGEST_VALUE = 1024;
const BARE = /^[\w.:/@%+,-]+$/;
/** Names that every line has already. */
const TAKEN: ReadonlySet<string> = new Set(["ts", "level", "msg"]);

function formatLogfmt(event: LogEvent): string {
  let line = `ts=${timeText(event.timeMs)} level=${event.level} msg=${logfmtValue(event.message)}`;
  for (const [key, value] of Object.entries(event.fields)) {
    if (value !== undefined) line += ` ${keyText(key)}=${logfmtValue(String(value))}`;
  }
  return line + "\n";
}

function formatJson(event: LogEvent): string {
  let line = `{"ts":"${timeText(event.timeMs)}","level":"${event.level}","msg":`;
  line += quoted(event.message);
  for (const [key, value] of Object.entries(event.fields)) {
    if (value !== undefined) line += `,"${keyText(key)}":${jsonValue(value)}`;
  }
  return line + "}\n";
}

function logfmtValue(text: string): string {
  return BARE.test(text) && text.length <= LONGEST_VALUE ? text : quoted(text);
}

function jsonValue(value: string | number | bigint | boolean): string {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) {
    return String(value);
  }
  // A JSON number above 2^53 would be rounded by most readers; as text it stays exact.
  return quoted(String(value));
}

function keyText(key: string): string {
  const clean = key.replace(/[^\w.-]/g, "_") || "_";
  return TAKEN.has(clean) ? `${clean}_` : clean;
}

/**
 * JSON's escapes, which readers of logfmt know too, and besides them what could break a line in some
 * viewer or turn the text of a terminal round.
 */
function quoted(text: string): string {
  return JSON.stringify(cut(text)).replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}

function cut(text: string): string {
  if (text.length <= LONGEST_VALUE) return text.toWellFormed();
  const last = text.charCodeAt(LONGEST_VALUE - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, LONGEST_VALUE - (splitsPair ? 1 : 0)).toWellFormed() + "...";
}

function timeText(timeMs: number): string {
  // A Date takes no more than this; a broken clock must not cost the line.
  const held = Math.abs(timeMs) <= 8.64e15 ? timeMs : 0;
  return new Date(held).toISOString();
}
