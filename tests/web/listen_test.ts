import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Handler } from "../../lib/web/handler.ts";
import { listen, type Listening, type ListenOptions } from "../../lib/web/listen.ts";
import { DEFAULT_LIMITS } from "../../lib/web/web_limits.ts";
import { fakeHandler } from "./fake_pages.ts";

const ANY_PORT = [{ hostname: "127.0.0.1", port: 0 }];

const OPTIONS: ListenOptions = {
  limits: { ...DEFAULT_LIMITS, maxConnections: 0, maxRequests: 0 },
  onError: unexpected,
  onClosed: unexpected,
  onCut: unexpected,
};

function unexpected(what: unknown): void {
  throw what;
}

function portOf(web: Listening): number {
  return web.addresses[0]?.port ?? 0;
}

/** Sends bytes as they are and reads until the server closes. */
async function talk(port: number, request: string): Promise<Uint8Array> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  const chunks: Uint8Array[] = [];
  for await (const chunk of readAll(connection)) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

async function* readAll(connection: Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  for (let n = await connection.read(buffer); n !== null; n = await connection.read(buffer)) {
    yield buffer.slice(0, n);
  }
}

/** Splits an answer; the date, which changes, is left out. */
function split(answer: Uint8Array): { head: string[]; body: Uint8Array } {
  const latin = new TextDecoder("latin1").decode(answer);
  const end = latin.indexOf("\r\n\r\n");
  const head = latin.slice(0, end).split("\r\n").filter((line) => !/^date:/i.test(line));
  return { head: head.map((line) => line.toLowerCase()).sort(), body: answer.subarray(end + 4) };
}

function get(path: string, headers = "", method = "GET"): string {
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
}

Deno.test("listen sends pages exactly as they are, whatever their size and the client's codings", async () => {
  for (const size of [5, 200, 300_000]) {
    const { handler, state } = fakeHandler("a".repeat(size), undefined, { hasLivePage: false });
    state.gzip = new Uint8Array(gzipSync(state.plain));
    const web = await listen(ANY_PORT, handler, OPTIONS);
    try {
      const common = [
        "cache-control: no-store, no-transform",
        "connection: close",
        "content-type: text/plain; version=0.0.4; charset=utf-8",
        "http/1.1 200 ok",
        "referrer-policy: no-referrer",
        "vary: accept, accept-encoding",
        "x-content-type-options: nosniff",
      ];
      const plainHead = [...common, `content-length: ${size}`].sort();
      const gzipHead = [
        ...common,
        "content-encoding: gzip",
        `content-length: ${state.gzip.length}`,
      ].sort();
      for (
        const accept of ["", "Accept-Encoding: br, deflate\r\n", "Accept-Encoding: gzip;q=0\r\n"]
      ) {
        const plain = split(await talk(portOf(web), get("/metrics", accept)));
        assert.deepEqual(plain.head, plainHead);
        assert.deepEqual(plain.body, state.plain);
      }
      const zipped = split(
        await talk(portOf(web), get("/metrics", "Accept-Encoding: br, GZIP\r\n")),
      );
      assert.deepEqual(zipped.head, gzipHead);
      assert.deepEqual(new Uint8Array(gunzipSync(zipped.body)), state.plain);

      const head = split(await talk(portOf(web), get("/metrics", "", "HEAD")));
      assert.deepEqual(head, { head: plainHead, body: new Uint8Array() });
      const zippedHead = get("/metrics", "Accept-Encoding: gzip\r\n", "HEAD");
      assert.deepEqual(split(await talk(portOf(web), zippedHead)), {
        head: gzipHead,
        body: new Uint8Array(),
      });
      const page = split(await talk(portOf(web), get("/", "Accept-Encoding: gzip, br\r\n")));
      assert.deepEqual(page.head.filter((line) => line.startsWith("content-encoding")), []);
      assert.ok(page.head.includes(`content-length: ${page.body.length}`));
    } finally {
      assert.equal(await web.shutdown(5000), true);
    }
  }
});

Deno.test("listen gives the level to a POST from this machine, whatever it claims", async () => {
  const { handler, state } = fakeHandler();
  const web = await listen(ANY_PORT, handler, OPTIONS);
  try {
    const post = get("/debug/log-level?level=debug", "X-Forwarded-For: 9.9.9.9\r\n", "POST");
    const { head, body } = split(await talk(portOf(web), post));
    assert.ok(head.includes("http/1.1 200 ok"));
    assert.equal(new TextDecoder().decode(body), "debug\n");
    assert.equal(state.level, "debug");
  } finally {
    await web.shutdown(5000);
  }
});

Deno.test("listen names the address that cannot be bound, and leaves none open", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { handler } = fakeHandler();
  const addresses = [...ANY_PORT, { hostname: "127.0.0.1", port }];
  await assert.rejects(listen(addresses, handler, OPTIONS), {
    message: `Cannot listen on 127.0.0.1:${port}: Address already in use`,
  });
  await assert.rejects(listen([{ hostname: "192.0.2.1", port: 0 }], handler, OPTIONS), {
    message: "Cannot listen on 192.0.2.1:0: Cannot assign requested address",
  });
});

Deno.test("listen on every address answers IPv4 and sees its clients as local", async () => {
  const { handler, state } = fakeHandler();
  const web = await listen([{ hostname: "", port: 0 }], handler, OPTIONS);
  try {
    await talk(portOf(web), get("/debug/log-level?level=error", "", "POST"));
    assert.equal(state.level, "error");
  } finally {
    await web.shutdown(5000);
  }
});

Deno.test("shutdown lets an answer in flight end and takes no more", async () => {
  const page = "x".repeat(20_000_000);
  const web = await listen(ANY_PORT, fakeHandler(page).handler, OPTIONS);
  const port = portOf(web);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(get("/metrics")));
  const chunks = readAll(connection);
  const first = await chunks.next();
  const done = web.shutdown(10_000);
  const refused = split(await talk(port, get("/metrics")));
  assert.ok(refused.head.includes("http/1.1 503 service unavailable"));
  let received = first.value?.length ?? 0;
  for await (const chunk of chunks) received += chunk.length;
  assert.equal(await done, true);
  assert.ok(received > page.length, `${received} bytes came`);
  await assert.rejects(talk(port, get("/")), Deno.errors.ConnectionRefused);
});

Deno.test("shutdown is not held up by clients that stop reading or never finish asking", async () => {
  const web = await listen(ANY_PORT, fakeHandler("x".repeat(50_000_000)).handler, OPTIONS);
  const port = portOf(web);
  using reader = await Deno.connect({ hostname: "127.0.0.1", port });
  await reader.write(new TextEncoder().encode(get("/metrics")));
  await reader.read(new Uint8Array(10));
  using asker = await Deno.connect({ hostname: "127.0.0.1", port });
  await asker.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHos"));
  assert.equal(await web.shutdown(300), false);
});

Deno.test("shutdown does not wait for idle connections that are kept alive", async () => {
  const web = await listen(ANY_PORT, fakeHandler().handler, OPTIONS);
  using idle = await Deno.connect({ hostname: "127.0.0.1", port: portOf(web) });
  await idle.write(new TextEncoder().encode("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"));
  await idle.read(new Uint8Array(4096));
  assert.equal(await web.shutdown(5000), true);
});

Deno.test("listen answers 500 when the handler fails, and tells why", async () => {
  const failure = new Error("broken");
  const broken: Handler = () => {
    throw failure;
  };
  const told: unknown[] = [];
  const web = await listen(ANY_PORT, broken, {
    ...OPTIONS,
    onError: (error) => told.push(error),
  });
  try {
    const { head } = split(await talk(portOf(web), get("/")));
    assert.ok(head.includes("http/1.1 500 internal server error"));
    assert.deepEqual(told, [failure]);
  } finally {
    await web.shutdown(5000);
  }
});

Deno.test("listen sends a page whole to a slow client, though its memory is given back meanwhile", async () => {
  const { handler, state } = fakeHandler("", undefined, { hasLivePage: false });
  const page = new Uint8Array(8 * 2 ** 20).map((_, at) => (at * 31) % 251);
  state.plain = page.slice();
  const web = await listen(ANY_PORT, handler, OPTIONS);
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: portOf(web) });
    await connection.write(new TextEncoder().encode(get("/metrics")));
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of readAll(connection)) {
      chunks.push(new Uint8Array(chunk));
      if (chunks.length > 1) continue;
      // The kernel has taken a part, and waits for its client with the rest.
      state.plain.buffer.transfer(0);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const { body } = split(await new Blob(chunks).bytes());
    assert.equal(Buffer.compare(body, page), 0);
  } finally {
    await web.shutdown(1000);
  }
});
