import assert from "node:assert/strict";
import fc from "fast-check";
import { parseWebConfig, type WebConfig, WebConfigError } from "../../lib/web/web_config.ts";

const FOLDER = new URL("../fixtures/web_config/", import.meta.url);
const HASH = "$2b$10$7JaAq/of89KZxsoUF7igD.qKBIfUD64KLZL0K2Yy5HKhekoeBP1Bi";
const NOTHING: WebConfig = { tls: undefined, headers: {}, users: new Map() };
const TLS_KEYS = "cert, cert_file, key, key_file, client_auth_type, client_ca, client_ca_file, " +
  "client_allowed_sans, min_version, max_version, cipher_suites, curve_preferences, " +
  "prefer_server_cipher_suites";
const HEADERS = "Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, " +
  "X-Frame-Options, X-XSS-Protection";
const NO_CLIENTS = "this program cannot ask for client certificates";
const NO_CHOICE = "it cannot be had, wanted nothing: Deno has no choice of it";
const VERSIONS = "TLS 1.2 and 1.3 are what Deno serves";

const GOOD: Readonly<Record<string, WebConfig>> = {
  anchors: { ...NOTHING, users: new Map([["alice", HASH], ["bob", HASH]]) },
  blank_sections: NOTHING,
  empty: NOTHING,
  full: {
    tls: { cert: { file: "server.crt" }, key: { file: "/etc/oie/server.key" } },
    headers: {
      "content-security-policy": "default-src 'none'",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
    },
    users: new Map([["prometheus", HASH], ["007", HASH], ["yes", HASH]]),
  },
  inline_pair: {
    ...NOTHING,
    tls: {
      cert: { text: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" },
      key: { text: "key" },
    },
  },
  only_users: { ...NOTHING, users: new Map([["alice", HASH], ["__proto__", HASH]]) },
};

const BAD: Readonly<Record<string, string>> = {
  cipher_suites: `tls_server_config.cipher_suites: ${NO_CHOICE}`,
  client_auth: 'tls_server_config.client_auth_type: "RequireAndVerifyClientCert" cannot be had, ' +
    `wanted NoClientCert: ${NO_CLIENTS}`,
  client_ca:
    `tls_server_config.client_ca_file: "ca.pem" cannot be had, wanted nothing: ${NO_CLIENTS}`,
  client_sans:
    `tls_server_config.client_allowed_sans: it cannot be had, wanted nothing: ${NO_CLIENTS}`,
  colon_in_name: 'basic_auth_users."a:b": a user\'s name is not empty and has no colon',
  curves: `tls_server_config.curve_preferences: ${NO_CHOICE}`,
  frame_options: 'http_server_config.headers.X-Frame-Options: "allow" is not deny or sameorigin',
  header_newline: "http_server_config.headers.Content-Security-Policy: " +
    "\"default-src 'none'\\r\\nSet-Cookie: a=b\" has characters that no header may have",
  http2: 'http_server_config.http2: "false" cannot be had, wanted true: Deno speaks HTTP/2 with ' +
    "clients that offer it over TLS",
  list: "the file: it is no map of keys to values",
  max_version: `tls_server_config.max_version: "TLS12" cannot be had, wanted TLS13: ${VERSIONS}`,
  min_version: `tls_server_config.min_version: "TLS13" cannot be had, wanted TLS12: ${VERSIONS}`,
  no_certificate: "tls_server_config.cert_file: it is missing, wanted the path of a PEM file",
  no_key: "tls_server_config.key_file: it is missing, wanted the path of a PEM file",
  not_yaml: "the file is no YAML: Flow map in block collection must be sufficiently indented and " +
    "end with a } at line 2, column 1",
  password_in_the_clear: "basic_auth_users.alice: the value is no bcrypt hash such as " +
    "htpasswd -nBC 10 USER prints",
  path_is_map: "tls_server_config.cert_file: it is no text",
  rate_limit: "rate_limit: it cannot be had: see -web.max-requests",
  same_key_twice: "the file is no YAML: Map keys must be unique at line 3, column 3",
  server_ciphers: `tls_server_config.prefer_server_cipher_suites: ${NO_CHOICE}`,
  too_dear:
    "basic_auth_users.alice: the hash has a cost of 20, more than 15 takes too long to check",
  two_certificates: "tls_server_config.cert_file: only one of cert and cert_file may be given",
  two_documents: "the file is no YAML: Only one document is wanted",
  unknown_header:
    `http_server_config.headers.Server: there is no such key, wanted one of ${HEADERS}`,
  unknown_section: "web_config: there is no such key, wanted one of tls_server_config, " +
    "http_server_config, rate_limit, basic_auth_users",
  unknown_tls_key: `tls_server_config.cert_fil: there is no such key, wanted one of ${TLS_KEYS}`,
  users_are_a_list: "basic_auth_users: it is no map of keys to values",
};

async function fixture(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, FOLDER));
}

Deno.test("parseWebConfig reads the good files", async (t) => {
  for (const [name, config] of Object.entries(GOOD)) {
    const text = await fixture(`${name}.good.yml`);
    await t.step(name, () => assert.deepEqual(parseWebConfig(text), config));
  }
});

Deno.test("parseWebConfig names key and wanted value of the bad files", async (t) => {
  for (const [name, message] of Object.entries(BAD)) {
    const text = await fixture(`${name}.bad.yml`);
    await t.step(
      name,
      () => assert.throws(() => parseWebConfig(text), { name: "WebConfigError", message }),
    );
  }
});

Deno.test("parseWebConfig's tables have every file", () => {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  const tables = [
    ...Object.keys(GOOD).map((name) => `${name}.good.yml`),
    ...Object.keys(BAD).map((name) => `${name}.bad.yml`),
  ];
  assert.deepEqual(files, tables.sort());
});

Deno.test("parseWebConfig throws nothing but a WebConfigError of one line", async () => {
  const files = await Promise.all(
    [...Deno.readDirSync(FOLDER)].map(({ name }) => fixture(name)),
  );
  const word = fc.constantFrom(
    ...["tls_server_config", "http_server_config", "headers", "basic_auth_users", "cert_file"],
    ...[": ", ":\n  ", "\n", "- ", "{", "}", "[", "]", "&a ", "*a", "!!map ", "? ", "<<: ", "|\n"],
    ...["---\n", "%YAML 1.1\n", '"', "'", "\t", "\0", "\ufeff", "[".repeat(5000), HASH],
  );
  const cut = fc.tuple(fc.constantFrom(...files), fc.nat(400), fc.nat(400), word).map(
    ([text, from, length, put]) => text.slice(0, from) + put + text.slice(from + length),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fc.oneof(word, fc.string())).map((parts) => parts.join("")),
    cut,
  );
  fc.assert(
    fc.property(text, (yaml) => {
      try {
        parseWebConfig(yaml);
      } catch (error) {
        assert.ok(error instanceof WebConfigError, String(error));
        assert.match(error.message, /^[^\n\r]{1,1000}$/);
      }
    }),
    { seed: 5, numRuns: 1500 },
  );
});

Deno.test("parseWebConfig refuses aliases that unfold without end", () => {
  const lines = Array.from(
    { length: 12 },
    (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(at === 0 ? 0 : 9)}x]`,
  );
  assert.throws(() => parseWebConfig(lines.join("\n")), {
    name: "WebConfigError",
    message: /^the file is no YAML: Excessive alias count/,
  });
});
