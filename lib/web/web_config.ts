import { parseDocument } from "yaml";
import { quote } from "../config/quote.ts";

/** Where a certificate or key comes from: a file, or text that stands in the web config itself. */
export type PemSource = { readonly file: string } | { readonly text: string };

/** What a web config says. */
export interface WebConfig {
  readonly tls: { readonly cert: PemSource; readonly key: PemSource } | undefined;
  /** Headers of every answer, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bcrypt hashes by user; empty lets everybody in. */
  readonly users: ReadonlyMap<string, string>;
}

/** A web config that cannot be used. Its message is one line that names the key. */
export class WebConfigError extends Error {
  override readonly name = "WebConfigError";
}

/** Reads the text of one key; `path` leads there from the root. */
type ReadKey = (value: unknown, path: string) => void;

/** Bcrypt takes twice the time with each step; at 15 one password takes seconds to check. */
const MOST_ROUNDS = 15;
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x1f\x7f]|[^\x00-\xff]/;

/** The headers that exporter-toolkit lets one set, with their values where only some are good. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  "Content-Security-Policy": [],
  "Strict-Transport-Security": [],
  "X-Content-Type-Options": ["nosniff"],
  "X-Frame-Options": ["deny", "sameorigin"],
  "X-XSS-Protection": [],
};

/**
 * Reads a web config in the format of Prometheus' exporter-toolkit (docs/web-configuration.md
 * there). What that format has and this program cannot do is refused, not ignored: an operator who
 * asks for client certificates must not get a server without.
 *
 * @throws {WebConfigError} If it is no YAML, or a key is unknown, missing or cannot be obeyed.
 */
export function parseWebConfig(text: string): WebConfig {
  const tls = new Map<string, string>();
  const headers: Record<string, string> = {};
  const users = new Map<string, string>();
  let hasTls = false;
  readMap(yamlValue(text), "", {
    tls_server_config: (value, path) => {
      hasTls = true;
      readMap(value, path, tlsKeys(tls));
    },
    http_server_config: (value, path) =>
      readMap(value, path, {
        http2: only(["true", ""], "Deno speaks HTTP/2 with clients that offer it over TLS"),
        headers: (fields, at) => readMap(fields, at, headerKeys(headers)),
      }),
    rate_limit: (_, path) => fail(path, "it cannot be had: see -web.max-requests"),
    basic_auth_users: (value, path) => {
      for (const [user, hash] of entriesOf(value, path)) readUser(users, { user, hash, path });
    },
  });
  return { tls: hasTls ? pairOf(tls) : undefined, headers, users };
}

function tlsKeys(found: Map<string, string>): Readonly<Record<string, ReadKey>> {
  const keep: ReadKey = (value, path) => found.set(path.split(".")[1] ?? "", textOf(value, path));
  const noClients = "this program cannot ask for client certificates";
  const noChoice = "Deno has no choice of it";
  return {
    cert: keep,
    cert_file: keep,
    key: keep,
    key_file: keep,
    client_auth_type: only(["NoClientCert", ""], noClients),
    client_ca: only([""], noClients),
    client_ca_file: only([""], noClients),
    client_allowed_sans: nothing(noClients),
    min_version: only(["TLS12", ""], "TLS 1.2 and 1.3 are what Deno serves"),
    max_version: only(["TLS13", ""], "TLS 1.2 and 1.3 are what Deno serves"),
    cipher_suites: nothing(noChoice),
    curve_preferences: nothing(noChoice),
    prefer_server_cipher_suites: nothing(noChoice),
  };
}

function headerKeys(found: Record<string, string>): Readonly<Record<string, ReadKey>> {
  return Object.fromEntries(
    Object.entries(HEADERS).map(([name, words]): [string, ReadKey] => [name, (value, path) => {
      const text = textOf(value, path);
      if (text === "") return;
      if (CONTROL.test(text)) fail(path, `${quote(text)} has characters that no header may have`);
      if (words.length > 0 && !words.includes(text.toLowerCase())) {
        fail(path, `${quote(text)} is not ${words.join(" or ")}`);
      }
      found[name.toLowerCase()] = text;
    }]),
  );
}

function readUser(
  users: Map<string, string>,
  { user, hash, path }: { readonly user: string; readonly hash: unknown; readonly path: string },
): void {
  const at = `${path}.${shown(user)}`;
  if (user === "" || user.includes(":")) fail(at, "a user's name is not empty and has no colon");
  const text = textOf(hash, at);
  const rounds = Number(BCRYPT.exec(text)?.[1]);
  // The text could be a password in the clear: it must not get into a log.
  if (!(rounds >= 4 && rounds <= 31)) {
    fail(at, "the value is no bcrypt hash such as htpasswd -nBC 10 USER prints");
  }
  if (rounds > MOST_ROUNDS) {
    fail(at, `the hash has a cost of ${rounds}, more than ${MOST_ROUNDS} takes too long to check`);
  }
  users.set(user, text);
}

function pairOf(found: ReadonlyMap<string, string>): NonNullable<WebConfig["tls"]> {
  return { cert: sourceOf(found, "cert"), key: sourceOf(found, "key") };
}

function sourceOf(found: ReadonlyMap<string, string>, name: "cert" | "key"): PemSource {
  const [text = "", file = ""] = [found.get(name), found.get(`${name}_file`)];
  const path = `tls_server_config.${name}_file`;
  if (text !== "" && file !== "") fail(path, `only one of ${name} and ${name}_file may be given`);
  if (text === "" && file === "") fail(path, "it is missing, wanted the path of a PEM file");
  return file === "" ? { text } : { file };
}

/** A key that may have these values only; lists count as one text. */
function only(words: readonly string[], why: string): ReadKey {
  return (value, path) => {
    const text = textOf(value, path);
    if (words.includes(text)) return;
    const wanted = words[0] === "" ? "nothing" : words[0];
    fail(path, `${quote(text)} cannot be had, wanted ${wanted}: ${why}`);
  };
}

/** A key that must not have a value at all. */
function nothing(why: string): ReadKey {
  return (value, path) => {
    if (value === "" || (Array.isArray(value) && value.length === 0)) return;
    fail(path, `it cannot be had, wanted nothing: ${why}`);
  };
}

function readMap(
  value: unknown,
  path: string,
  keys: Readonly<Record<string, ReadKey>>,
): void {
  for (const [key, inner] of entriesOf(value, path)) {
    const at = path === "" ? shown(key) : `${path}.${shown(key)}`;
    const read = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (!read) fail(at, `there is no such key, wanted one of ${Object.keys(keys).join(", ")}`);
    else read(inner, at);
  }
}

function entriesOf(value: unknown, path: string): readonly [string, unknown][] {
  if (value === "" || value === undefined || value === null) return [];
  if (!(value instanceof Map)) fail(path || "the file", "it is no map of keys to values");
  const entries = [...value as Map<unknown, unknown>];
  return entries.map(([key, inner]): [string, unknown] => {
    if (typeof key !== "string") fail(path || "the file", "one of its keys is no text");
    return [key as string, inner];
  });
}

function textOf(value: unknown, path: string): string {
  if (typeof value !== "string") fail(path, "it is no text");
  return value as string;
}

/** Every scalar stays the text that it is: 007 and yes are names like any other. */
function yamlValue(text: string): unknown {
  try {
    // The package looks at LOG_STREAM and LOG_TOKENS: the permissions in deno.json name them for it.
    const document = parseDocument(text, { schema: "failsafe", logLevel: "error" });
    const [error] = document.errors;
    if (error?.code === "MULTIPLE_DOCS") throw new SyntaxError("Only one document is wanted");
    if (error) throw error;
    return document.toJS({ mapAsMap: true, maxAliasCount: 100 });
  } catch (error) {
    // The parser's own errors, too many aliases, or nesting beyond the stack.
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new WebConfigError(`the file is no YAML: ${shownText(line.replace(/:$/, ""))}`);
  }
}

/** A key as it was written, unless it holds something a line of an error should not hold. */
function shown(key: string): string {
  return /^[\w.-]{1,60}$/.test(key) ? key : quote(key);
}

/** A message of the parser: it can quote the file. */
function shownText(line: string): string {
  return quote(line).slice(1, -1).replaceAll('\\"', '"');
}

function fail(path: string, why: string): never {
  throw new WebConfigError(`${path}: ${why}`);
}
