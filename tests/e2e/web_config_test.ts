import assert from "node:assert/strict";
import { makeTestAuthority } from "../integration/test_authority.ts";
import { BINARY, DEMO_NODE } from "./exporter_binary.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const START_MS = 20_000;
const STOP_MS = 10_000;
/** Of the password "secret". */
const HASH = "$2b$04$qTCbfMdIdyLhfXcpO.Uolu2pUextI2kZsqWukr1gR7a8ywNYXnBCu";
const URI = `-libvirt.uri=test://${DEMO_NODE}`;

Deno.test("binary serves TLS to who knows a password, and a new certificate on SIGHUP", async () => {
  await using old = await makeTestAuthority();
  await using next = await makeTestAuthority();
  await old.issue("server");
  await next.issue("server");
  const path = `${old.folder}/web.yml`;
  await Deno.writeTextFile(
    path,
    `tls_server_config: {cert_file: server.crt, key_file: server.key}\n` +
      `basic_auth_users: {alice: "${HASH}"}\n`,
  );
  const port = freePort();
  const url = `https://127.0.0.1:${port}/metrics`;
  await using exporter = new RealProcess(BINARY, [
    `-web.listen-address=127.0.0.1:${port},[::1]:${port}`,
    `-web.config.file=${path}`,
    URI,
  ]);
  const status = async (trust: string, password: string) => {
    using client = Deno.createHttpClient({ caCerts: [trust] });
    const headers = { authorization: `Basic ${btoa(`alice:${password}`)}` };
    const response = await fetch(url, { client, headers });
    await response.body?.cancel();
    return response.status;
  };
  const describe = () => exporter.output;
  await waitUntil(
    "the first answer",
    async () => await status(old.cert, "secret") === 200 || undefined,
    {
      withinMs: START_MS,
      describe,
    },
  );
  assert.equal(await status(old.cert, "wrong"), 401);
  for (const name of ["server.crt", "server.key"]) {
    await Deno.copyFile(`${next.folder}/${name}`, `${old.folder}/${name}`);
  }
  Deno.kill(exporter.pid, "SIGHUP");
  await waitUntil(
    "the new certificate",
    async () => await status(next.cert, "secret") === 200 || undefined,
    {
      withinMs: START_MS,
      describe,
    },
  );
  const { code, stderr } = await exporter.stop("SIGTERM", STOP_MS);
  assert.equal(code, 0, stderr);
});

Deno.test("binary ends with code 1 and one line for a web config that cannot be used", async () => {
  await using authority = await makeTestAuthority();
  const path = `${authority.folder}/web.yml`;
  await Deno.writeTextFile(path, "tls_server_config: {client_auth_type: RequireAnyClientCert}\n");
  const cases = [
    [
      path,
      `Cannot use web config "${path}": tls_server_config.client_auth_type: ` +
      '"RequireAnyClientCert" cannot be had, wanted NoClientCert: this program cannot ask for ' +
      "client certificates\n",
    ],
    [`${path}.none`, `Cannot read web config "${path}.none": No such file or directory\n`],
  ] as const;
  for (const [file, line] of cases) {
    const args = [`-web.listen-address=127.0.0.1:${freePort()}`, `-web.config.file=${file}`, URI];
    await using exporter = new RealProcess(BINARY, args);
    const { code, stderr } = await exporter.end(STOP_MS);
    assert.deepEqual({ code, stderr }, { code: 1, stderr: line });
  }
});
