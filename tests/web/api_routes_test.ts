import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { type HistoryCycle } from "../../lib/live/node_view.ts";
import { CHANNELS } from "../../lib/live/history_schema.ts";
import { HistoryStore } from "../../lib/live/history_store.ts";
import { UUID } from "../collectors/readings.ts";
import { fakeHandler } from "./fake_pages.ts";

const LOCAL: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };
const OFF = '{"error":"Nothing is remembered: -web.history is 0"}\n';
const NO_UUID = '{"error":"Bad request: the path has no UUID in the form of RFC 9562"}\n';
const NO_INSTANCE = '{"error":"No such instance is known to run on this node"}\n';
const NOT_FOUND = '{"error":"Not found"}\n';
const METHODS = '{"error":"Method not allowed: this path takes GET, HEAD"}\n';

function histories(): HistoryStore {
  const store = new HistoryStore({ points: 6, stepMs: 10_000, cyclesPerPoint: 1 });
  const cycle: HistoryCycle = {
    dueAtMs: 1_000_000,
    uuids: [UUID],
    values: new Float32Array(CHANNELS.length).fill(8),
  };
  store.put(cycle);
  return store;
}

function ask(
  target: string,
  { method = "GET", headers = {}, store }: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly store?: HistoryStore | undefined;
  } = {},
): Response {
  const { handler } = fakeHandler('{"node":"n"}', store);
  const request = new Request(`http://node:9120${target}`, { method, headers });
  return handler(request, { remoteAddr: LOCAL });
}

const BAD: readonly (readonly [target: string, status: number, body: string, method?: string])[] = [
  ["/api/v1/instances/x/history", 400, NO_UUID],
  [`/api/v1/instances/${UUID}x/history`, 400, NO_UUID],
  ["/api/v1/instances//history", 400, NO_UUID],
  ["/api/v1/instances/%3Cscript%3E/history", 400, NO_UUID],
  ["/api/v1/instances/22222222-1111-4111-8111-111111111111/history", 404, NO_INSTANCE],
  [`/api/v1/instances/${UUID}`, 404, NOT_FOUND],
  [`/api/v1/instances/${UUID}/history/`, 404, NOT_FOUND],
  ["/api/v1/node/", 404, NOT_FOUND],
  ["/api/", 404, NOT_FOUND],
  ["/api/v1/node", 405, METHODS, "POST"],
  [`/api/v1/instances/${UUID}/history`, 405, METHODS, "DELETE"],
];

Deno.test("apiRoutes answer what is wrong as JSON", async () => {
  for (const [target, status, body, method = "GET"] of BAD) {
    const response = ask(target, { method, store: histories() });
    assert.deepEqual([response.status, await response.text()], [status, body], target);
    assert.equal(response.headers.get("content-type"), "application/json");
  }
  for (const target of ["/api/v1/history", `/api/v1/instances/${UUID}/history`]) {
    const response = ask(target);
    assert.deepEqual([response.status, await response.text()], [404, OFF]);
  }
});

Deno.test("apiRoutes serve the ready snapshot in both codings, and 304 to who has it", async () => {
  const plain = ask("/api/v1/node");
  assert.deepEqual([plain.status, await plain.text()], [200, '{"node":"n"}']);
  assert.deepEqual(Object.fromEntries(plain.headers), {
    "cache-control": "no-store, no-transform",
    "content-length": "12",
    "content-type": "application/json",
    "etag": 'W/"t-1"',
    "referrer-policy": "no-referrer",
    "vary": "Accept-Encoding",
    "x-content-type-options": "nosniff",
  });
  const gzip = ask("/api/v1/node?x=1", { headers: { "accept-encoding": "gzip" } });
  assert.deepEqual(
    [gzip.headers.get("content-encoding"), await gzip.text()],
    ["gzip", "gzip bytes"],
  );
  for (const tag of ['W/"t-1"', '"t-1"', '"x", W/"t-1"', "*"]) {
    const same = ask("/api/v1/node", { headers: { "if-none-match": tag } });
    assert.deepEqual([same.status, await same.text()], [304, ""], tag);
    assert.equal(same.headers.get("etag"), 'W/"t-1"');
  }
  for (const tag of ['W/"t-2"', "t-1x", ""]) {
    assert.equal(ask("/api/v1/node", { headers: { "if-none-match": tag } }).status, 200, tag);
  }
});

Deno.test("apiRoutes serve histories by UUID, whatever its case", async () => {
  const store = histories();
  const one = ask(`/api/v1/instances/${UUID.toUpperCase()}/history`, { store });
  assert.equal(one.status, 200);
  assert.deepEqual(await one.json(), store.instance(UUID));
  const all = ask("/api/v1/history", { store, headers: { "accept-encoding": "gzip" } });
  const bytes = new Uint8Array(await all.arrayBuffer());
  assert.equal(gunzipSync(bytes).toString(), JSON.stringify(store.node()));
  assert.equal(all.headers.get("etag"), 'W/"t-1"');
  const head = ask("/api/v1/history", { store, method: "HEAD" });
  assert.equal(await head.text(), "");
  assert.equal(head.headers.get("content-length"), String(JSON.stringify(store.node()).length));
});
