import assert from "node:assert/strict";
import { NODE } from "../../lib/live/node_schema.ts";
import { mismatchOf } from "../../lib/live/mismatch.ts";
import { makeTestAuthority } from "../integration/test_authority.ts";
import { BINARY, startExporter } from "./exporter_binary.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const START_MS = 20_000;
/** Of the password "secret". */
const HASH = "$2b$04$qTCbfMdIdyLhfXcpO.Uolu2pUextI2kZsqWukr1gR7a8ywNYXnBCu";

async function top(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using process = new RealProcess(BINARY, ["top", ...args], env);
  const { code, stdout, stderr } = await process.end(START_MS);
  return { code, stdout, stderr };
}

/** Runs a pipe of a shell; `$TOP` is the program with where to ask. */
async function pipe(command: string, url: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-o", "pipefail", "-c", command],
    env: { TOP: `${BINARY} top -url=${url}` },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assert.deepEqual([code, decoder.decode(stderr)], [0, ""], command);
  return decoder.decode(stdout);
}

Deno.test("top -once and -json go into pipes, whatever proxy is set", async () => {
  await using exporter = startExporter();
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  const table = await pipe("$TOP -once -sort=name -filter=project:web-shop", exporter.base);
  const lines = table.split("\n");
  assert.match(lines[4] ?? "", /^! .* NAME +PROJECT +DOMAIN$/);
  assert.deepEqual(lines.slice(5, -1).map((line) => line.split(/ +/).slice(-3, -1).join(" ")), [
    ...["bastion web-shop", "shop-db web-shop"],
    ...["shop-frontend-0 web-shop", "shop-frontend-1 web-shop"],
  ]);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(table, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, "no control but the line feed");

  const python = await pipe("$TOP -json -sort=name | python3 -m json.tool", exporter.base);
  const node = JSON.parse(python);
  assert.equal(mismatchOf(NODE, node), undefined);
  assert.equal(node.instances.length, 10);
  assert.equal(node.instances[0].name, "bastion");
  const few = await pipe("$TOP -json -filter=bastion", exporter.base);
  assert.deepEqual(JSON.parse(few).instances.map(({ name }: { name: string }) => name), [
    "bastion",
  ]);
  assert.equal((await pipe("$TOP -once | head -1", exporter.base)).split("\n").length, 2);

  const proxy = `http://127.0.0.1:${freePort()}`;
  const direct = await top([`-url=${exporter.base}`, "-once"], {
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    ALL_PROXY: proxy,
  });
  assert.equal(direct.code, 0, direct.stderr);
});

Deno.test("top shows no screen where there is no terminal, and names what is wrong in one line", async () => {
  await using exporter = startExporter("-web.history=0");
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  const port = freePort();
  const [http, https] = [exporter.base, exporter.base.replace("http", "https")];
  const none = (url: string, why: string) => `Cannot read ${url}/: ${why}\n`;
  const cases: readonly (readonly [readonly string[], number, string])[] = [
    [[`-url=${http}`], 2, "Cannot show a screen: this is no terminal, give -once or -json\n"],
    [["-sort=x"], 2, /is not one of cpu, /.source],
    [
      [`-url=http://127.0.0.1:${port}`, "-once"],
      1,
      none(
        `http://127.0.0.1:${port}`,
        "connection refused: the exporter may not run there, see -url",
      ),
    ],
    [
      [`-url=${https}`, "-json"],
      1,
      none(https, "it does not speak TLS: the URL may have to begin with http"),
    ],
    [
      [`-url=${http}/metrics`, "-json"],
      1,
      none(
        `${http}/metrics`,
        "it is no OpenStack Instance Exporter, or one without the JSON API (status 404)",
      ),
    ],
    [
      [`-url=${http}`, "-once", "-ca.file=/no/such"],
      1,
      'Cannot read certificates "/no/such": No such file or directory\n',
    ],
    [
      [`-url=${http}`, "-once", "-ca.file=/dev/zero"],
      1,
      'Cannot read certificates "/dev/zero": it has more than 1048576 bytes\n',
    ],
    [
      [`-url=${http}`, "-once", `-ca.file=${BINARY}`],
      1,
      `Cannot read certificates "${BINARY}": it has more than 1048576 bytes\n`,
    ],
    [
      [`-url=${http}`, "-once", "-ca.file=/etc/hostname"],
      1,
      'Cannot use certificates "/etc/hostname": there is none in PEM form\n',
    ],
    [
      [`-url=${http}`, "-once", "-user=a", "-password.file=/dev/null"],
      1,
      'Cannot use password "/dev/null": its first line is empty\n',
    ],
  ];
  for (const [args, code, message] of cases) {
    const ended = await top(args);
    assert.equal(ended.code, code, ended.stderr);
    assert.equal(ended.stdout, "");
    if (message.endsWith("\n")) assert.equal(ended.stderr, message);
    else assert.match(ended.stderr, new RegExp(message));
  }
});

Deno.test("top asks over TLS with a password, and trusts only who it is told to", async () => {
  await using authority = await makeTestAuthority();
  await using other = await makeTestAuthority();
  await authority.issue("server");
  const { folder } = authority;
  await Deno.writeTextFile(
    `${folder}/web.yml`,
    `tls_server_config: {cert_file: server.crt, key_file: server.key}\n` +
      `basic_auth_users: {alice: "${HASH}"}\n`,
  );
  await Deno.writeTextFile(`${folder}/right`, "secret\n");
  await Deno.writeTextFile(`${folder}/wrong`, "guess");
  await using exporter = startExporter(`-web.config.file=${folder}/web.yml`);
  const url = `https://127.0.0.1:${exporter.port}`;
  const trust = `-ca.file=${folder}/authority.crt`;
  const as = (password: string) => ["-user=alice", `-password.file=${folder}/${password}`];
  const right = await waitUntil("the first answer", async () => {
    const ended = await top([`-url=${url}`, trust, ...as("right"), "-json"]);
    if (ended.code !== 0) throw new Error(ended.stderr);
    return ended;
  }, { withinMs: START_MS, describe: () => exporter.process.output });
  assert.equal(mismatchOf(NODE, JSON.parse(right.stdout)), undefined);

  const refused = "it does not let in: give a right -user and -password.file (status 401)";
  const stranger = "its certificate is of nobody trusted, see -ca.file";
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[trust, ...as("wrong")], refused],
    [[trust], refused],
    [as("right"), stranger],
    [[`-ca.file=${other.folder}/authority.crt`, ...as("right")], stranger],
  ];
  for (const [args, why] of cases) {
    const { code, stdout, stderr } = await top([`-url=${url}`, "-once", ...args]);
    assert.deepEqual([code, stdout, stderr], [1, "", `Cannot read ${url}/: ${why}\n`]);
  }
});
