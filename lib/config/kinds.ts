import { LOG_LEVELS } from "../log/logger.ts";
import { LOG_FORMATS } from "../log/format.ts";
import { NAMINGS } from "../metrics/naming.ts";
import { matchesPath, PATHS } from "../web/paths.ts";
import { parseDirection } from "./direction.ts";
import { parseDuration } from "./duration.ts";
import { parseInstanceFilter } from "./instance_filter.ts";
import { parseListenAddresses } from "./listen_address.ts";
import { parseBoolean, parseCount, parseDecimal } from "./numbers.ts";
import { quote } from "./quote.ts";
import { parseOvsDb } from "./ovs_db.ts";
import { parseThresholds } from "./thresholds.ts";

/** What a flag of some kind takes. */
interface Kind {
  /** The word behind the flag in the usage text; empty for booleans, which need no value. */
  readonly placeholder: string;
  /** Text to value; throws SyntaxError or RangeError with a sentence about the text. */
  readonly parse: (text: string) => unknown;
}

/** Timers of JavaScript hold no more than 2^31 - 1 ms: beyond that they would fire at once. */
const LONGEST_INTERVAL = "500h";

/** Every kind of flag. Durations are milliseconds; paths and URLs stay text. */
export const KINDS = {
  boolean: { placeholder: "", parse: parseBoolean },
  count: { placeholder: "count", parse: parseCount },
  decimal: { placeholder: "number", parse: parseDecimal },
  /** Milliseconds, from 200. */
  interval: { placeholder: "duration", parse: (text) => intervalFrom("200ms", text) },
  /** Milliseconds, from 1000. */
  refresh: { placeholder: "duration", parse: (text) => intervalFrom("1s", text) },
  /** Milliseconds, 0 allowed. */
  lifetime: { placeholder: "duration", parse: parseLifetime },
  thresholds: { placeholder: "tier:number,...", parse: parseThresholds },
  listenAddresses: { placeholder: "address", parse: parseListenAddresses },
  route: { placeholder: "path", parse: parseRoute },
  uri: { placeholder: "uri", parse: parseUri },
  url: { placeholder: "url", parse: parseUrl },
  /** A path of a file or folder; empty where there is none. */
  path: { placeholder: "path", parse: parsePath },
  /** Always a direction: an empty text is out. */
  direction: { placeholder: "out|in|any", parse: (text) => parseDirection(text) ?? "out" },
  /** Undefined when the list inherits -contacts.direction. */
  listDirection: { placeholder: "out|in|any", parse: parseDirection },
  /** Undefined where it is switched off. */
  ovsDb: { placeholder: "socket", parse: parseOvsDb },
  /** A regular expression in RE2's syntax; empty where there is none. */
  instanceFilter: { placeholder: "regexp", parse: parseInstanceFilter },
  interfaces: { placeholder: "name,...", parse: parseInterfaces },
  naming: { placeholder: NAMINGS.join("|"), parse: (text) => oneOf(NAMINGS, text) },
  logLevel: { placeholder: LOG_LEVELS.join("|"), parse: (text) => oneOf(LOG_LEVELS, text) },
  logFormat: { placeholder: LOG_FORMATS.join("|"), parse: (text) => oneOf(LOG_FORMATS, text) },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;

function intervalFrom(least: string, text: string): number {
  const intervalMs = parseDuration(text);
  if (intervalMs < parseDuration(least) || intervalMs > parseDuration(LONGEST_INTERVAL)) {
    throw new RangeError(`${quote(text)} is not between ${least} and ${LONGEST_INTERVAL}`);
  }
  return intervalMs;
}

function parseLifetime(text: string): number {
  const lifetimeMs = parseDuration(text);
  if (lifetimeMs < 0) throw new RangeError(`${quote(text)} is below 0`);
  return lifetimeMs;
}

function parseRoute(text: string): string {
  // What the URL parser would rewrite ("/a/../b", spaces) no request could ever match exactly.
  const path = text.startsWith("/") && !text.startsWith("//") && URL.canParse(text, "http://host")
    ? new URL(text, "http://host").pathname
    : "";
  if (path !== text || path === "") {
    throw new SyntaxError(`${quote(text)} is not a path such as /metrics`);
  }
  if (Object.values(PATHS).some((taken) => matchesPath(taken, path))) {
    throw new RangeError(`${quote(text)} is the path of another page`);
  }
  return path;
}

function parseUri(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\S+$/i.test(text) || hasControl(text)) {
    throw new SyntaxError(`${quote(text)} is not a URI such as qemu:///system`);
  }
  return text;
}

function parseUrl(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text) || /\s/.test(text)) {
    throw new SyntaxError(`${quote(text)} is not a URL such as https://host/list.txt`);
  }
  return text;
}

function parsePath(text: string): string {
  if (hasControl(text)) throw new SyntaxError(`${quote(text)} is not a path: it has control bytes`);
  return text;
}

function parseInterfaces(text: string): readonly string[] {
  // The specification: an empty list is the default interface.
  if (text.trim() === "") return ["bgp-nic"];
  const names = text.split(",").map((name) => name.trim());
  // The kernel's dev_valid_name: 1 to 15 bytes, no slash, colon or blank, not "." or "..".
  const bad = names.find((name) => !/^[^\s/:]{1,15}$/.test(name) || name === "." || name === "..");
  if (bad !== undefined) {
    throw new SyntaxError(`${quote(bad)} is not the name of an interface such as eth1`);
  }
  return [...new Set(names)];
}

function oneOf<const Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((known) => known === text);
  if (word === undefined) {
    throw new SyntaxError(`${quote(text)} is not one of ${words.join(", ")}`);
  }
  return word;
}

function hasControl(text: string): boolean {
  // deno-lint-ignore no-control-regex
  return /[\x00-\x1f\x7f]/.test(text);
}
