import assert from "node:assert/strict";
import type { SeenConnection } from "../../lib/web/connection.ts";
import { ConnectionGuard, type GuardOptions } from "../../lib/web/connection_guard.ts";
import { DEFAULT_LIMITS } from "../../lib/web/web_limits.ts";

const CLIENT = { transport: "tcp", hostname: "192.0.2.1", port: 40_000 } as const;
const PAGE_BYTES = 500_000;

/** A kernel with one client's connection, which has acknowledged what `ackedBytes` says. */
class OneConnection {
  ackedBytes = 0;
  looks = 0;
  readonly ended: number[] = [];

  get view(): GuardOptions["kernel"] {
    const seen = (): SeenConnection => ({
      client: "192.0.2.1 40000",
      fd: 7,
      bytesReceived: 100,
      bytesAcked: this.ackedBytes,
      bytesQueued: 0,
    });
    return {
      connections: () => {
        this.looks++;
        return [seen()];
      },
      connection: seen,
      endConnection: (fd) => this.ended.push(fd),
    };
  }
}

function guardOf(kernel: OneConnection): ConnectionGuard {
  return new ConnectionGuard({
    limits: { ...DEFAULT_LIMITS, maxConnections: 512, maxRequests: 40 },
    kernel: kernel.view,
    ports: () => new Set([9120]),
    onCut: () => {},
    // No time passes: no look is due.
    nowMs: () => 1000,
  });
}

Deno.test("ConnectionGuard has room for a new client that reads each page and asks for the next", () => {
  const kernel = new OneConnection();
  const guard = guardOf(kernel);
  for (let count = 0; count < 20; count++) {
    const { answered, handedOver } = guard.begin(CLIENT);
    assert.equal(guard.hasRoom(CLIENT), true, `page ${count}`);
    answered(PAGE_BYTES);
    handedOver();
    kernel.ackedBytes += PAGE_BYTES;
  }
  assert.deepEqual([kernel.looks, kernel.ended], [0, []]);
});

Deno.test("ConnectionGuard has no room for a new client that asks for pages and reads none", () => {
  const kernel = new OneConnection();
  const guard = guardOf(kernel);
  const hadRoom = Array.from({ length: 6 }, () => {
    const { answered } = guard.begin(CLIENT);
    const hasRoom = guard.hasRoom(CLIENT);
    answered(hasRoom ? PAGE_BYTES : 0);
    return hasRoom;
  });
  assert.deepEqual(hadRoom, [true, true, true, true, false, false]);
});

Deno.test("ConnectionGuard ends nobody for clients that have taken their answers since the look", () => {
  const kernel = new OneConnection();
  const guard = guardOf(kernel);
  for (let port = 1; port <= 100; port++) {
    const client = { ...CLIENT, port };
    const { answered, handedOver } = guard.begin(client);
    assert.equal(guard.hasRoom(client), true, `client ${port}`);
    answered(PAGE_BYTES);
    handedOver();
  }
  assert.deepEqual(kernel.ended, []);
});

Deno.test("ConnectionGuard ends as many answers as it takes, where more were let in than it may hold", () => {
  let nowMs = 0;
  const clients = ["192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.2"].map((hostname, at) => ({
    ...CLIENT,
    hostname,
    port: 1 + at,
  }));
  const seen = (at: number): SeenConnection => ({
    client: `${clients[at]?.hostname} ${1 + at}`,
    fd: at,
    bytesReceived: 100,
    bytesAcked: 0,
    bytesQueued: at === 0 ? 0 : PAGE_BYTES,
  });
  const ended: number[] = [];
  const guard = new ConnectionGuard({
    limits: { ...DEFAULT_LIMITS, maxConnections: 512, maxRequests: 2 },
    kernel: {
      connections: () => clients.map((_, at) => seen(at)),
      connection: seen,
      endConnection: (fd) => ended.push(fd),
    },
    ports: () => new Set([9120]),
    onCut: () => {},
    nowMs: () => nowMs,
  });
  // Between two looks what Deno has handed over may be with the client.
  for (const client of clients.slice(1)) {
    const { answered, handedOver } = guard.begin(client);
    assert.equal(guard.hasRoom(client), true);
    answered(PAGE_BYTES);
    handedOver();
  }
  nowMs = 100;
  guard.begin(CLIENT);
  assert.equal(guard.hasRoom({ ...CLIENT, port: 1 }), true);
  assert.deepEqual(ended, [1, 2]);
});
