import assert from "node:assert/strict";
import type { Config } from "../../lib/config/config.ts";
import { parseFlags } from "../../lib/config/parse_flags.ts";
import type { LogFields } from "../../lib/log/logger.ts";
import { startWebServer, type WebServer } from "../../lib/web/web_server.ts";
import { fakePages } from "../web/fake_pages.ts";
import { makeTestAuthority } from "./test_authority.ts";

/** Of the password "secret", with the least cost. */
const HASH = "$2b$04$qTCbfMdIdyLhfXcpO.Uolu2pUextI2kZsqWukr1gR7a8ywNYXnBCu";
const TLS = "tls_server_config: {cert_file: server.crt, key_file: server.key}\n";
const USERS = `basic_auth_users: {alice: "${HASH}"}\n`;
const PLAIN = { "accept-encoding": "identity" };
const ALICE = { headers: { authorization: `Basic ${btoa("alice:secret")}` } };
const HEADERS = "http_server_config: {headers: {X-Frame-Options: SAMEORIGIN, " +
  "Strict-Transport-Security: max-age=60}}\n";

function configOf(path: string): Config {
  const args = [`-web.config.file=${path}`, "-web.listen-address=127.0.0.1:0"];
  const command = parseFlags(args);
  assert.ok(command.action === "run");
  return command.config;
}

/** A server on a free port, with the web config at `path`; what it logs is kept. */
async function started(path: string) {
  const lines: (readonly [string, LogFields | undefined])[] = [];
  const log = (message: string, fields?: LogFields) => void lines.push([message, fields]);
  const { options, state } = fakePages();
  const server = await startWebServer(configOf(path), {
    ...options,
    logger: { error: log, notice: log, info: log, debug: log },
    lookEveryMs: 3_600_000,
  });
  return { server, lines, state };
}

function url(server: WebServer, scheme: "http" | "https", path = "/metrics"): string {
  return `${scheme}://127.0.0.1:${server.addresses[0]?.port}${path}`;
}

/** Status and body; undefined where there was no connection, as when the certificate is not trusted. */
async function get(
  address: string,
  init: RequestInit & { readonly trust?: string } = {},
): Promise<readonly [number, string] | undefined> {
  using client = Deno.createHttpClient({ caCerts: init.trust === undefined ? [] : [init.trust] });
  try {
    const headers = { "accept-encoding": "identity", ...init.headers };
    const response = await fetch(address, { ...init, headers, client });
    return [response.status, await response.text()];
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

Deno.test("startWebServer serves TLS, and a new certificate as soon as its files have changed", async () => {
  await using old = await makeTestAuthority();
  await using next = await makeTestAuthority();
  await old.issue("server");
  await next.issue("server");
  const path = `${old.folder}/web.yml`;
  await Deno.writeTextFile(path, TLS);
  const { server, lines } = await started(path);
  try {
    const at = url(server, "https");
    assert.deepEqual(await get(at, { trust: old.cert }), [200, "up 1\n"]);
    assert.equal(await get(at, { trust: next.cert }), undefined);
    assert.equal(await get(url(server, "http")), undefined);
    await server.reload();
    assert.equal(lines.length, 0);

    // A client that is connected notices nothing.
    using kept = Deno.createHttpClient({ caCerts: [old.cert] });
    await (await fetch(at, { client: kept, headers: PLAIN })).text();
    await Deno.copyFile(`${next.folder}/server.crt`, `${old.folder}/server.crt`);
    await server.reload();
    assert.deepEqual(lines.map(([message, fields]) => [message, fields?.["reason"]]), [[
      "Web config cannot be used, the one before stays",
      `Cannot use web config "${path}": tls_server_config: certificate and key cannot be used: ` +
      "keys may not be consistent: KeyMismatch",
    ]]);
    assert.deepEqual(await get(at, { trust: old.cert }), [200, "up 1\n"]);
    await Deno.copyFile(`${next.folder}/server.key`, `${old.folder}/server.key`);
    await server.reload();
    assert.deepEqual(await get(at, { trust: next.cert }), [200, "up 1\n"]);
    assert.equal(await get(at, { trust: old.cert }), undefined);
    assert.equal(await (await fetch(at, { client: kept, headers: PLAIN })).text(), "up 1\n");
    assert.deepEqual(lines.slice(1).map(([message, fields]) => [message, fields?.["state"]]), [
      ["Web config cannot be used, the one before stays", "ended"],
      ["Web config was read again", undefined],
    ]);
  } finally {
    assert.equal(await server.shutdown(5000), true);
  }
});

Deno.test("startWebServer finishes an answer that is being sent while the certificate changes", async () => {
  await using authority = await makeTestAuthority();
  await authority.issue("server");
  const path = `${authority.folder}/web.yml`;
  await Deno.writeTextFile(path, TLS);
  const { server, state } = await started(path);
  state.plain = new Uint8Array(20_000_000).fill(97);
  using client = Deno.createHttpClient({ caCerts: [authority.cert] });
  try {
    const response = await fetch(url(server, "https"), { client, headers: PLAIN });
    await authority.issue("server");
    await server.reload();
    assert.equal((await response.bytes()).length, state.plain.length);
    assert.deepEqual(await get(url(server, "https", "/-/healthy"), { trust: authority.cert }), [
      200,
      "Healthy\n",
    ]);
  } finally {
    assert.equal(await server.shutdown(5000), true);
  }
});

Deno.test("startWebServer drops TLS clients that do not shake hands or do not read at its end", async () => {
  await using authority = await makeTestAuthority();
  await authority.issue("server");
  const path = `${authority.folder}/web.yml`;
  await Deno.writeTextFile(path, TLS);
  const { server, state } = await started(path);
  state.plain = new Uint8Array(30_000_000).fill(97);
  const port = server.addresses[0]?.port ?? 0;
  using _silent = await Deno.connect({ hostname: "127.0.0.1", port });
  using garbled = await Deno.connect({ hostname: "127.0.0.1", port });
  await garbled.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  using reader = await Deno.connectTls({
    hostname: "127.0.0.1",
    port,
    caCerts: [authority.cert],
  });
  await reader.write(new TextEncoder().encode("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"));
  await reader.read(new Uint8Array(10));
  assert.equal(await server.shutdown(100), false);
});

Deno.test("startWebServer lets in who knows a password, to every path, and sets its headers", async () => {
  await using authority = await makeTestAuthority();
  const path = `${authority.folder}/web.yml`;
  await Deno.writeTextFile(path, USERS + HEADERS);
  const { server, state } = await started(path);
  try {
    for (const target of ["/metrics", "/", "/-/healthy", "/debug/log-level", "/none"]) {
      assert.deepEqual(await get(url(server, "http", target)), [401, "Unauthorized\n"], target);
    }
    const post = { method: "POST" };
    const level = url(server, "http", "/debug/log-level?level=debug");
    assert.deepEqual(await get(level, post), [401, "Unauthorized\n"]);
    assert.equal(state.level, "info");
    assert.deepEqual(await get(level, { ...post, ...ALICE }), [200, "debug\n"]);
    const wrong = { headers: { authorization: `Basic ${btoa("alice:Secret")}` } };
    assert.deepEqual(await get(url(server, "http"), wrong), [401, "Unauthorized\n"]);

    const response = await fetch(url(server, "http", "/"), ALICE);
    await response.text();
    assert.equal(response.headers.get("x-frame-options"), "SAMEORIGIN");
    assert.equal(response.headers.get("strict-transport-security"), "max-age=60");
  } finally {
    await server.shutdown(5000);
  }
});

Deno.test("startWebServer takes users and TLS from a web config that has changed", async () => {
  await using authority = await makeTestAuthority();
  await authority.issue("server");
  const path = `${authority.folder}/web.yml`;
  await Deno.writeTextFile(path, "");
  const { server, lines } = await started(path);
  const { cert: trust } = authority;
  try {
    assert.deepEqual(await get(url(server, "http")), [200, "up 1\n"]);
    await Deno.writeTextFile(path, TLS + USERS);
    await server.reload();
    assert.deepEqual(await get(url(server, "https"), { trust }), [401, "Unauthorized\n"]);
    assert.deepEqual(await get(url(server, "https"), { trust, ...ALICE }), [200, "up 1\n"]);
    // What is wrong later changes nothing: nobody gets in because a file is broken.
    for (const broken of ["basic_auth_users: [", "client_auth: x", TLS.replace(".key", ".none")]) {
      await Deno.writeTextFile(path, broken);
      await server.reload();
      assert.deepEqual(await get(url(server, "https"), { trust }), [401, "Unauthorized\n"]);
    }
    await Deno.remove(path);
    await server.reload();
    assert.deepEqual(await get(url(server, "https"), { trust }), [401, "Unauthorized\n"]);
    assert.equal(lines.filter(([message]) => message.startsWith("Web config cannot")).length, 1);
    await Deno.writeTextFile(path, "");
    await server.reload();
    assert.deepEqual(await get(url(server, "http")), [200, "up 1\n"]);
  } finally {
    await server.shutdown(5000);
  }
});

Deno.test("startWebServer looks at the web config by itself, and again when asked", async () => {
  await using authority = await makeTestAuthority();
  const path = `${authority.folder}/web.yml`;
  await Deno.writeTextFile(path, "");
  const { options } = fakePages();
  const read = Promise.withResolvers<void>();
  const ignore = () => {};
  const server = await startWebServer(configOf(path), {
    ...options,
    logger: { error: ignore, notice: () => read.resolve(), info: ignore, debug: ignore },
    lookEveryMs: 10,
  });
  try {
    await Deno.writeTextFile(path, USERS);
    await read.promise;
    assert.deepEqual(await get(url(server, "http")), [401, "Unauthorized\n"]);
  } finally {
    await server.shutdown(5000);
  }
});

Deno.test("startWebServer does not start with a web config that cannot be used", async () => {
  await using authority = await makeTestAuthority();
  const { folder } = authority;
  await authority.issue("server");
  await authority.issue("other");
  const path = `${folder}/web.yml`;
  const use = `Cannot use web config "${path}": `;
  const cases = [
    [
      "x: y",
      `${use}x: there is no such key, wanted one of tls_server_config, http_server_config, ` +
      "rate_limit, basic_auth_users",
    ],
    [
      TLS.replace("server.crt", "none.crt"),
      `${use}tls_server_config.cert_file: ` +
      `"${folder}/none.crt" cannot be read: No such file or directory`,
    ],
    [
      TLS.replace("server.key", "."),
      `${use}tls_server_config.key_file: "${folder}" cannot be ` +
      "read: Is a directory",
    ],
    [
      TLS.replace("server.key", "/dev/zero"),
      `${use}tls_server_config.key_file: "/dev/zero" ` +
      "cannot be read: it has more than 1048576 bytes",
    ],
    [
      TLS.replace("server.key", "other.key"),
      `${use}tls_server_config: certificate and key cannot ` +
      "be used: keys may not be consistent: KeyMismatch",
    ],
    [
      TLS.replace("server.crt", "server.key"),
      `${use}tls_server_config: certificate and key cannot ` +
      "be used: No certificates found in certificate data",
    ],
  ] as const;
  for (const [text, message] of cases) {
    await Deno.writeTextFile(path, text);
    await assert.rejects(started(path), { name: "WebConfigError", message });
  }
  await assert.rejects(started(`${folder}/none.yml`), {
    name: "WebConfigError",
    message: `Cannot read web config "${folder}/none.yml": No such file or directory`,
  });
});
