import type { LogRecord } from "./forward.ts";

/** The forms a line can have. */
export const LOG_FORMATS = ["logfmt", "json"] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

/** Writes a record as one line that ends with a newline, whatever its texts hold. */
export type FormatRecord = (record: LogRecord) => string;

/** The writer of each form. */
export const FORMAT_RECORD = {
  logfmt: formatLogfmt,
  json: formatJson,
} as const satisfies Readonly<Record<LogFormat, FormatRecord>>;

const LONGEST_VALUE = 1024;
const BARE = /^[\w.:/@%+,-]+$/;
/** Names that every line has already. */
const TAKEN: ReadonlySet<string> = new Set(["ts", "level", "msg"]);

function formatLogfmt(record: LogRecord): string {
  let line = `ts=${timeText(record.timeMs)} level=${record.level} msg=${
    logfmtValue(record.message)
  }`;
  for (const [key, value] of Object.entries(record.fields)) {
    if (value !== undefined) line += ` ${keyText(key)}=${logfmtValue(String(value))}`;
  }
  return line + "\n";
}

function formatJson(record: LogRecord): string {
  let line = `{"ts":"${timeText(record.timeMs)}","level":"${record.level}","msg":`;
  line += quoted(record.message);
  for (const [key, value] of Object.entries(record.fields)) {
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
