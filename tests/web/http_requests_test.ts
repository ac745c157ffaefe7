import assert from "node:assert/strict";
import fc from "fast-check";
import { listen } from "../../lib/web/listen.ts";
import { DEFAULT_LIMITS } from "../../lib/web/web_limits.ts";
import { fakeHandler } from "./fake_pages.ts";

const CORPUS = new URL("../fixtures/http_requests/", import.meta.url);
const PINNED = new URL("../../.deno-version", import.meta.url);
const LATIN1 = new TextDecoder("latin1");

/** Status of each answer that a file of the corpus gets, in order, until the connection ends. */
const ANSWERS: Readonly<Record<string, readonly number[]>> = {
  absolute_target: [200],
  authority_target: [405],
  bare_newlines: [200],
  body_of_get: [200, 200],
  chunked: [403, 200],
  chunked_and_length: [403, 200],
  chunked_bad_size: [403],
  chunked_without_end: [403],
  dots_in_path: [404, 404],
  encoded_path: [404, 404, 404],
  expect_continue: [403],
  folded_header: [400],
  head: [200],
  header_without_colon: [400],
  host_is_a_path: [400],
  http_0_9: [400],
  http_1_0: [200],
  http_2_preface: [],
  http_9: [400],
  huge_header: [431],
  length_is_no_number: [400],
  long_target: [414],
  lowercase_method: [405],
  many_headers: [431],
  no_host: [200],
  nothing: [],
  nul_in_header: [400],
  only_blanks: [],
  options_star: [404],
  origin_posts: [403],
  pipelined: [200, 200, 404],
  space_in_name: [400],
  strange_method: [405],
  tls_hello: [400],
  two_hosts: [200],
  two_lengths: [400],
  unfinished: [],
  utf8_target: [400],
};

/** Where the runtime itself decides, and newer ones (2.9) decide otherwise. */
const ANSWERS_OF_NEWER: typeof ANSWERS = {
  chunked_and_length: [400],
  chunked_bad_size: [],
  expect_continue: [100, 403],
  huge_header: [400],
  long_target: [400],
  many_headers: [400],
  only_blanks: [400],
  two_hosts: [400],
  utf8_target: [404],
};

async function withServer(
  use: (talk: (bytes: Uint8Array) => Promise<string>, level: () => string) => Promise<void>,
) {
  const told: unknown[] = [];
  const { handler, state } = fakeHandler();
  const web = await listen([{ hostname: "127.0.0.1", port: 0 }], handler, {
    // Most connections end since they ask for nothing more.
    limits: {
      ...DEFAULT_LIMITS,
      headMs: 100,
      idleMs: 100,
      strayBytes: 10_000_000,
      maxConnections: 512,
      maxRequests: 40,
    },
    onError: (error) => told.push(error),
    onClosed: (error) => told.push(error),
    onCut: () => {},
  });
  const { port } = web.addresses[0] ?? assert.fail();
  const talk = async (bytes: Uint8Array) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const sending = sendAll(connection, bytes);
    const answer = await readAll(connection);
    await sending;
    return answer;
  };
  try {
    await use(talk, () => state.level);
    assert.deepEqual(told, []);
  } finally {
    await web.shutdown(1000);
  }
}

async function sendAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  } catch {
    // It had heard enough.
  }
}

async function readAll(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  try {
    for (let n = await connection.read(buffer); n !== null; n = await connection.read(buffer)) {
      text += LATIN1.decode(buffer.subarray(0, n));
    }
  } catch {
    // Reset, since not all that was sent had been read: what came before counts.
  }
  return text;
}

function statuses(answer: string): number[] {
  return [...answer.matchAll(/^HTTP\/1\.[01] (\d{3}) [A-Za-z ]+\r$/gm)].map(([, code]) =>
    Number(code)
  );
}

Deno.test("listen answers each request of the corpus, or ends the connection", async () => {
  const files = [...Deno.readDirSync(CORPUS)].map(({ name }) => name).sort();
  await withServer(async (talk, level) => {
    const got = await Promise.all(files.map(async (name) => {
      const bytes = await Deno.readFile(new URL(name, CORPUS));
      return [name.replace(/\.raw$/, ""), statuses(await talk(bytes))] as const;
    }));
    const newer = { ...ANSWERS, ...ANSWERS_OF_NEWER };
    const isNewer = Deno.version.deno !== (await Deno.readTextFile(PINNED)).trim();
    assert.deepEqual(Object.fromEntries(got), isNewer ? newer : ANSWERS);
    assert.equal(level(), "info");
  });
});

Deno.test("listen survives any bytes: an answer or an end, and no error", async () => {
  const seeds = [...Deno.readDirSync(CORPUS)].map(({ name }) =>
    LATIN1.decode(Deno.readFileSync(new URL(name, CORPUS)).subarray(0, 2000))
  );
  const word = fc.constantFrom(
    ...["GET ", "POST ", "HEAD ", "/metrics", "/", "/debug/log-level?level=loud", " HTTP/1.1\r\n"],
    ...["Host: x\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", "\n"],
    ...[
      "5\r\nhello\r\n",
      "0\r\n\r\n",
      "ffffffffffffffff\r\n",
      "Connection: close\r\n",
      "\0",
      "\xff",
    ],
    ...[
      "Expect: 100-continue\r\n",
      "Upgrade: websocket\r\n",
      "Accept-Encoding: gzip\r\n",
      ": ",
      "?",
    ],
  );
  const spliced = fc.tuple(fc.constantFrom(...seeds), fc.nat(300), fc.nat(40), word).map(
    ([text, from, length, put]) => text.slice(0, from) + put + text.slice(from + length),
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 20 }).map((parts) => parts.join("")),
    spliced,
    fc.array(fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))).map(
      (codes) => codes.join(""),
    ),
  );
  await withServer(async (talk) => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 50, maxLength: 50 }), async (requests) => {
        const answers = await Promise.all(
          requests.map((request) => talk(Uint8Array.from(request, (char) => char.charCodeAt(0)))),
        );
        for (const answer of answers) {
          // What is no HTTP/1 may be a preface of HTTP/2, which is answered by a frame of settings.
          assert.match(answer, /^$|^HTTP\/1\.[01] [1-5]\d\d |^\0\0/);
          assert.ok(statuses(answer).every((status) => status < 500), answer);
        }
      }),
      { seed: 3, numRuns: 10, endOnFailure: true },
    );
    const healthy = "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n";
    assert.deepEqual(statuses(await talk(new TextEncoder().encode(healthy))), [200]);
  });
});
