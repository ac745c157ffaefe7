import assert from "node:assert/strict";
import { fakeHandler } from "./fake_pages.ts";

const LOCAL: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };
const REMOTE: Deno.NetAddr = { transport: "tcp", hostname: "10.0.0.1", port: 1 };

interface Exchange {
  readonly method?: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: Deno.NetAddr;
  /** Status, body and, where it matters, the Allow header. */
  readonly answer: readonly [number, string, string?];
}

const METHODS = "Method not allowed: this path takes GET, HEAD";
const LEVELS = "Bad request: level must be one of error, notice, info, debug\n";
const FORBIDDEN = "Forbidden: the log level is set from this machine only\n";

const EXCHANGES: readonly Exchange[] = [
  { target: "/metrics", answer: [200, "up 1\n"] },
  { target: "/metrics?name[]=x", answer: [200, "up 1\n"] },
  { target: "/metrics", headers: { "accept-encoding": "gzip" }, answer: [200, "gzip bytes"] },
  { target: "/metrics", method: "HEAD", answer: [200, ""] },
  {
    target: "/metrics?collect[]=disk&collect%5B%5D=cpu",
    headers: { "accept-encoding": "gzip" },
    answer: [200, "cpu\ndisk\n"],
  },
  { target: "/metrics?exclude[]=disk", answer: [200, "cpu\nnetwork\n"] },
  {
    target: "/metrics?collect[]=gpu",
    answer: [
      400,
      'Cannot filter: "gpu" is no collector that runs; these do: cpu, disk, network\n',
    ],
  },
  {
    target: "/metrics",
    headers: { host: "x/-/healthy?" },
    answer: [400, "Bad request: the Host header is no host\n"],
  },
  {
    target: "/debug/log-level?level=debug",
    method: "POST",
    headers: { origin: "http://elsewhere.example" },
    answer: [403, "Forbidden: the log level is not set by web pages\n"],
  },
  { target: "/metrics/", answer: [404, "Not found\n"] },
  { target: "//metrics", answer: [404, "Not found\n"] },
  { target: "/Metrics", answer: [404, "Not found\n"] },
  { target: "/%6detrics", answer: [404, "Not found\n"] },
  { target: "/constructor", answer: [404, "Not found\n"] },
  { target: "/nothing", method: "DELETE", answer: [404, "Not found\n"] },
  { target: "/metrics", method: "POST", answer: [405, `${METHODS}\n`, "GET, HEAD"] },
  { target: "/", method: "OPTIONS", answer: [405, `${METHODS}\n`, "GET, HEAD"] },
  { target: "/-/healthy", answer: [200, "Healthy\n"] },
  { target: "/-/ready", answer: [503, "No complete cycle yet\n"] },
  { target: "/-/ready", method: "HEAD", answer: [503, ""] },
  { target: "/debug/log-level", from: REMOTE, answer: [200, "info\n"] },
  { target: "/debug/log-level?level=debug", answer: [200, "info\n"] },
  {
    target: "/debug/log-level",
    method: "PUT",
    answer: [405, `${METHODS}, POST\n`, "GET, HEAD, POST"],
  },
  { target: "/debug/log-level?level=loud", method: "POST", answer: [400, LEVELS] },
  { target: "/debug/log-level?level=", method: "POST", answer: [400, LEVELS] },
  { target: "/debug/log-level", method: "POST", answer: [400, LEVELS] },
  { target: "/debug/log-level?level=info&level=debug", method: "POST", answer: [400, LEVELS] },
  {
    target: "/debug/log-level?level=debug",
    method: "POST",
    from: REMOTE,
    headers: { "x-forwarded-for": "127.0.0.1", "forwarded": "for=127.0.0.1" },
    answer: [403, FORBIDDEN],
  },
];

function ask(handler: ReturnType<typeof fakeHandler>["handler"], exchange: Exchange): Response {
  const { method = "GET", target, headers = {}, from = LOCAL } = exchange;
  const request = new Request(`http://node:9120${target}`, { method, headers });
  return handler(request, { remoteAddr: from });
}

Deno.test("createHandler answers each path and method", async () => {
  for (const exchange of EXCHANGES) {
    const { handler, state } = fakeHandler();
    const response = ask(handler, exchange);
    const got = [response.status, await response.text(), response.headers.get("allow")];
    const [status, body, allow = null] = exchange.answer;
    assert.deepEqual(got, [status, body, allow], JSON.stringify(exchange));
    assert.equal(state.level, "info");
  }
});

Deno.test("createHandler sets the log level from loopback", async () => {
  const { handler, state } = fakeHandler();
  for (const level of ["error", "notice", "debug"]) {
    const target = `/debug/log-level?level=${level}`;
    const response = ask(handler, { target, method: "POST", answer: [200, ""] });
    assert.deepEqual([response.status, await response.text()], [200, `${level}\n`]);
    assert.equal(state.level, level);
  }
});

Deno.test("createHandler is ready when the pages are", async () => {
  const { handler, state } = fakeHandler();
  state.ready = { ready: true, reason: "Ready" };
  const response = ask(handler, { target: "/-/ready", answer: [200, ""] });
  assert.deepEqual([response.status, await response.text()], [200, "Ready\n"]);
});

Deno.test("createHandler puts protecting headers on the plain page at /", () => {
  const { handler } = fakeHandler(undefined, undefined, { hasLivePage: false });
  const response = ask(handler, { target: "/", answer: [200, ""] });
  const headers = Object.fromEntries(response.headers);
  const length = headers["content-length"];
  const policy = headers["content-security-policy"] ?? "";
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; /);
  assert.deepEqual(headers, {
    "cache-control": "no-store, no-transform",
    "content-length": length,
    "content-security-policy": policy,
    "content-type": "text/html; charset=utf-8",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  });
  assert.equal(ask(handler, { target: "/ui/page.js", answer: [404, ""] }).status, 404);
});

Deno.test("createHandler names the format that it answers in", async () => {
  const { handler } = fakeHandler();
  const typeOf = async (accept: string) => {
    const request = new Request("http://h/metrics", { headers: { accept } });
    const response = handler(request, { remoteAddr: LOCAL });
    await response.body?.cancel();
    return [response.headers.get("content-type"), response.headers.get("vary")];
  };
  const vary = "Accept, Accept-Encoding";
  assert.deepEqual(await typeOf("*/*"), ["text/plain; version=0.0.4; charset=utf-8", vary]);
  assert.deepEqual(
    await typeOf("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"),
    ["application/openmetrics-text; version=1.0.0; charset=utf-8", vary],
  );
});
