import assert from "node:assert/strict";
import { freePort } from "../e2e/wait_until.ts";
import type { CutReason } from "../../lib/web/connection.ts";
import { listen, type Listening } from "../../lib/web/listen.ts";
import { DEFAULT_LIMITS, type WebLimits } from "../../lib/web/web_limits.ts";
import { fakeHandler } from "./fake_pages.ts";
import { countAnswers, stalledRequests } from "./http2_requests.ts";
import { twinConnections } from "./twin_connections.ts";

const LOCAL = { hostname: "127.0.0.1", port: 0 };
const GET = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
/** More than kernel and client take without being read. */
const LARGE = "x".repeat(20_000_000);
const PATIENT_MS = 20_000;

interface Guarded extends AsyncDisposable {
  readonly web: Listening;
  readonly cuts: readonly CutReason[];
  readonly state: ReturnType<typeof fakeHandler>["state"];
  /** How many requests got to the handler. */
  readonly served: () => number;
  connect(at?: number): Promise<Deno.TcpConn>;
  /** Settles when connections were ended for these reasons, in this order. */
  cut(...reasons: CutReason[]): Promise<void>;
}

async function guarded(
  limits: Partial<WebLimits>,
  { page = "up 1\n", addresses = [LOCAL] } = {},
): Promise<Guarded> {
  const cuts: CutReason[] = [];
  const unexpected = (error: unknown) => {
    throw error;
  };
  const { handler, state } = fakeHandler(page);
  let served = 0;
  const web = await listen(addresses, (request, info) => {
    served++;
    return handler(request, info);
  }, {
    limits: { ...DEFAULT_LIMITS, maxConnections: 0, maxRequests: 0, ...limits },
    onError: unexpected,
    onClosed: unexpected,
    onCut: (reason) => cuts.push(reason),
  });
  return {
    web,
    cuts,
    state,
    served: () => served,
    connect: (at = 0) => Deno.connect(web.addresses[at] ?? LOCAL),
    async cut(...reasons) {
      const end = performance.now() + PATIENT_MS;
      while (cuts.length < reasons.length && performance.now() < end) await pass(20);
      assert.deepEqual(cuts, reasons);
    },
    async [Symbol.asyncDispose]() {
      await web.shutdown(50);
    },
  };
}

function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function send(connection: Deno.TcpConn, text: string): Promise<void> {
  await connection.write(new TextEncoder().encode(text));
}

async function sendAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** The head of one answer, in lower case, with what came of its body. */
async function head(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) break;
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
  return text.toLowerCase();
}

/** How a connection ended: "closed", or the error's name. */
async function ended(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(65_536);
  try {
    while (await connection.read(buffer) !== null) { /* until the end */ }
    return "closed";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

Deno.test("listen ends connections on which no request gets whole, and serves the others", async () => {
  await using guard = await guarded({ headMs: 300 });
  using silent = await guard.connect();
  using half = await guard.connect();
  await send(half, "GET /metrics HTTP/1.1\r\nHos");
  using asker = await guard.connect();
  await send(asker, GET);
  assert.match(await head(asker), /^http\/1.1 200 ok\r\n/);
  await guard.cut("idle", "no request");
  for (const each of [silent, half]) assert.match(await ended(each), /closed|ConnectionReset/);
  await send(asker, GET);
  assert.match(await head(asker), /^http\/1.1 200 ok\r\n/);
});

Deno.test("listen knows a client that asked, over IPv4, IPv6 and IPv4 on a socket of both", async () => {
  await using guard = await guarded({ headMs: 100, idleMs: 60_000 }, {
    addresses: [LOCAL, { hostname: "::1", port: 0 }, { hostname: "", port: 0 }],
  });
  const [, , both] = guard.web.addresses;
  using four = await guard.connect(0);
  using six = await guard.connect(1);
  using mapped = await Deno.connect({ hostname: "127.0.0.1", port: both?.port ?? 0 });
  for (const each of [four, six, mapped]) {
    await send(each, GET);
    await head(each);
  }
  using silent = await guard.connect(1);
  await guard.cut("idle");
  assert.match(await ended(silent), /closed|ConnectionReset/);
  await pass(600);
  assert.deepEqual(guard.cuts, ["idle"]);
});

Deno.test("listen ends connections that are idle", async () => {
  await using guard = await guarded({ idleMs: 200 });
  using idle = await guard.connect();
  await send(idle, GET);
  assert.match(await head(idle), /^http\/1.1 200 ok\r\n/);
  await guard.cut("idle");
  assert.match(await ended(idle), /closed|ConnectionReset/);
});

Deno.test("listen ends clients that do not read, and those that read too slowly", async () => {
  await using stalling = await guarded({ stallMs: 300 }, { page: LARGE });
  using reader = await stalling.connect();
  await send(reader, GET);
  await stalling.cut("not reading");
  await using slow = await guarded({ answerMs: 1000, stallMs: 60_000 }, { page: LARGE });
  using sipper = await slow.connect();
  await send(sipper, GET);
  await slow.cut("answer takes too long");
});

Deno.test("listen ends clients that send what is no request, before it fills the memory", async () => {
  await using guard = await guarded({ strayBytes: 10_000 });
  using talker = await guard.connect();
  await send(talker, `GET /metrics HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(20_000)}`);
  await guard.cut("bytes that are no request");
});

Deno.test("listen answers 503 beyond its requests, until one that stands still has to go", async () => {
  await using guard = await guarded({ maxRequests: 2, yieldMs: 1000 }, { page: LARGE });
  using first = await guard.connect();
  using second = await guard.connect();
  for (const each of [first, second]) {
    await send(each, GET);
    assert.match(await head(each), /^http\/1.1 200 ok\r\n/);
  }
  using third = await guard.connect();
  await send(third, GET);
  const refused = await head(third);
  assert.match(refused, /^http\/1.1 503 service unavailable\r\n/);
  assert.match(refused, /\r\nconnection: close\r\n/);
  assert.match(refused, /\r\nretry-after: \d+\r\n/);
  assert.equal(await ended(third), "closed");
  await pass(1500);
  using fourth = await guard.connect();
  await send(fourth, GET);
  assert.match(await head(fourth), /^http\/1.1 200 ok\r\n/);
  // Who was refused is idle where the runtime left it connected.
  const cuts = guard.cuts.filter((reason) => reason !== "idle");
  assert.deepEqual(cuts, ["answers beyond the limit"]);
});

Deno.test("listen lets clients of one address keep no other address out", async () => {
  await using guard = await guarded({ maxRequests: 2, yieldMs: 60_000 }, {
    page: LARGE,
    addresses: [LOCAL, { hostname: "::1", port: 0 }],
  });
  using crowd = new DisposableStack();
  const ask = async (at: number) => {
    const asker = crowd.use(await guard.connect(at));
    await send(asker, GET);
    return (await head(asker)).split("\r\n", 1)[0];
  };
  const statuses = [await ask(0), await ask(0), await ask(0)];
  // Nobody goes before the guard has looked at both, which it does no more than every few milliseconds.
  await pass(500);
  statuses.push(await ask(1), await ask(0));
  const [ok, refused] = ["http/1.1 200 ok", "http/1.1 503 service unavailable"];
  assert.deepEqual(statuses, [ok, ok, refused, ok, refused]);
  assert.deepEqual(guard.cuts, ["answers beyond the limit"]);
});

Deno.test("listen leaves one connection to a client's port, however many of its addresses that connects to", async () => {
  await using guard = await guarded({ headMs: 1500 }, { addresses: [{ hostname: "", port: 0 }] });
  const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
  using _twins = twinConnections(freePort(), addresses, guard.web.addresses[0]?.port ?? 0);
  await guard.cut("port of another connection", "port of another connection", "idle");
});

Deno.test("listen counts each answer that an HTTP/2 connection holds", async () => {
  await using guard = await guarded({ maxRequests: 2, yieldMs: 1000 }, { page: LARGE });
  using greedy = await guard.connect();
  await sendAll(greedy, stalledRequests("/metrics", 4));
  const buffer = new Uint8Array(65_536);
  let length = 0;
  while (countAnswers(buffer.subarray(0, length)).all < 4) {
    length += await greedy.read(buffer.subarray(length)) ?? assert.fail();
  }
  assert.deepEqual(countAnswers(buffer.subarray(0, length)), { all: 4, ok: 2 });
  await pass(1500);
  using asker = await guard.connect();
  await send(asker, GET);
  assert.match(await head(asker), /^http\/1.1 200 ok\r\n/);
  assert.deepEqual(guard.cuts, ["answers beyond the limit"]);
});

Deno.test("listen gives one client every answer, however fast it asks", async () => {
  await using guard = await guarded({ maxRequests: 40 }, { page: "x".repeat(200_000) });
  const url = `http://127.0.0.1:${guard.web.addresses[0]?.port}/metrics`;
  for (let count = 0; count < 300; count++) {
    const response = await fetch(url, { headers: { "accept-encoding": "identity" } });
    await response.bytes();
    assert.equal(response.status, 200);
  }
  assert.deepEqual(guard.cuts, []);
});

Deno.test("listen ends an HTTP/2 connection that asks for too many answers at once", async () => {
  await using guard = await guarded({}, { page: LARGE });
  using greedy = await guard.connect();
  await sendAll(greedy, stalledRequests("/metrics", 20));
  assert.match(await ended(greedy), /^(closed|ConnectionReset)$/);
  // Those that are handed over after its end count from zero.
  const most = 2 * DEFAULT_LIMITS.answersPerConnection;
  assert.ok(guard.served() <= most, `${guard.served()} answers`);
  // It may be told again of requests that came before its end.
  assert.deepEqual([...new Set(guard.cuts)], ["answers beyond the limit"]);
});

Deno.test("listen lets no number of silent connections keep a request out", async () => {
  await using guard = await guarded({ maxConnections: 4 }, { page: LARGE });
  using reader = await guard.connect();
  await send(reader, GET);
  assert.match(await head(reader), /^http\/1.1 200 ok\r\n/);
  using crowd = new DisposableStack();
  for (let count = 0; count < 20; count++) crowd.use(await guard.connect());
  guard.state.plain = new TextEncoder().encode("up 1\n");
  using asker = await guard.connect();
  await send(asker, GET);
  assert.match(await head(asker), /^http\/1.1 200 ok\r\n/);
  await guard.cut(...Array<CutReason>(18).fill("connections beyond the limit"));
  // What is being sent goes on.
  const buffer = new Uint8Array(65_536);
  for (let got = 0; got < LARGE.length - 100_000;) {
    got += await reader.read(buffer) ?? assert.fail();
  }
});

Deno.test("listen answers 503 when all its connections are busy", async () => {
  await using guard = await guarded({ maxConnections: 1 }, { page: LARGE });
  using reader = await guard.connect();
  await send(reader, GET);
  await head(reader);
  using asker = await guard.connect();
  await send(asker, GET);
  assert.match(await head(asker), /^http\/1.1 503 service unavailable\r\n/);
  assert.deepEqual(guard.cuts, []);
});

Deno.test("listen keeps no connection behind an answer while many are open", async () => {
  await using guard = await guarded({ keptConnections: 2 });
  using crowd = new DisposableStack();
  for (const kept of [true, true, false]) {
    const asker = crowd.use(await guard.connect());
    await send(asker, GET);
    assert.equal(/\r\nconnection: close\r\n/.test(await head(asker)), !kept);
    if (!kept) assert.equal(await ended(asker), "closed");
  }
});

Deno.test("setTls leaves connections alone that are open, and listens on", async () => {
  const free = Deno.listen({ hostname: "::1", port: 0 });
  const { port } = free.addr;
  free.close();
  // Two addresses with one port are two listeners.
  const addresses = ["127.0.0.1", "::1"].map((hostname) => ({ hostname, port }));
  await using guard = await guarded({}, { addresses });
  using kept = await guard.connect(1);
  await send(kept, GET);
  await head(kept);
  for (let time = 0; time < 20; time++) {
    guard.web.setTls(undefined);
    for (const at of [0, 1]) {
      using fresh = await guard.connect(at);
      await send(fresh, GET);
      assert.match(await head(fresh), /^http\/1.1 200 ok\r\n/);
    }
  }
});
