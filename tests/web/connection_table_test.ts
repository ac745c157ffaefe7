import assert from "node:assert/strict";
import fc from "fast-check";
import type { CutReason, SeenConnection } from "../../lib/web/connection.ts";
import { ConnectionTable, type Cut } from "../../lib/web/connection_table.ts";
import type { WebLimits } from "../../lib/web/web_limits.ts";

const LIMITS: WebLimits = {
  maxConnections: 3,
  maxRequests: 2,
  answersPerConnection: 3,
  keptConnections: 3,
  headMs: 10,
  idleMs: 100,
  lingerMs: 30,
  stallMs: 20,
  answerMs: 60,
  yieldMs: 5,
  strayBytes: 50,
  progressBytes: 10,
  tailBytes: 8,
};

/** Descriptors are numbers of clients: client "a" has 1. */
function fdOf(client: string): number {
  return client.charCodeAt(0) - 96;
}

function cut(client: string, reason: CutReason): Cut {
  return { client, fd: fdOf(client), reason };
}

function seen(client: string, counters: Partial<SeenConnection> = {}): SeenConnection {
  const quiet = { bytesReceived: 0, bytesAcked: 0, bytesQueued: 0 };
  return { client, fd: fdOf(client), ...quiet, ...counters };
}

/** A request that is answered with so many bytes, which the server still holds. */
function held(table: ConnectionTable, client: string, nowMs: number, bodyBytes = 100) {
  const progress = table.begin(client, nowMs);
  progress.answered(bodyBytes);
  return progress;
}

/** The same, but that the kernel has got the answer. */
function sent(table: ConnectionTable, client: string, nowMs: number, bodyBytes = 100): void {
  held(table, client, nowMs, bodyBytes).handedOver();
}

Deno.test("ConnectionTable ends who sends no request in time, trickled bytes or not", () => {
  const table = new ConnectionTable(LIMITS);
  assert.deepEqual(table.look([seen("a")], 0), []);
  assert.deepEqual(table.look([seen("a", { bytesReceived: 5 })], 10), []);
  const cuts = table.look([seen("a", { bytesReceived: 6, bytesQueued: 9 })], 11);
  assert.deepEqual(cuts, [cut("a", "no request")]);
  assert.equal(table.size, 0);
  // Without a byte it is what browsers do: nothing to complain of.
  assert.deepEqual(table.look([seen("b")], 20), []);
  assert.deepEqual(table.look([seen("b")], 31), [cut("b", "idle")]);
});

Deno.test("ConnectionTable ends who stays after what was said to be the last answer", () => {
  const table = new ConnectionTable(LIMITS);
  const { answered, handedOver } = table.begin("a", 0);
  answered(100, true);
  handedOver();
  assert.deepEqual(table.look([seen("a", { bytesQueued: 9 })], 1), []);
  const taken = seen("a", { bytesAcked: 100 });
  assert.deepEqual(table.look([taken], 2), []);
  assert.deepEqual(table.look([taken], 32), []);
  assert.deepEqual(table.look([taken], 33), [cut("a", "idle")]);
});

Deno.test("ConnectionTable ends who is idle after an answer, and nobody earlier", () => {
  const table = new ConnectionTable(LIMITS);
  sent(table, "a", 0);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 90, bytesQueued: 40 })], 5), []);
  assert.equal(table.busy, 1);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 130 })], 10), []);
  assert.equal(table.busy, 0);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 130, bytesReceived: 9 })], 110), []);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 130, bytesReceived: 9 })], 111), [
    cut("a", "idle"),
  ]);
});

Deno.test("ConnectionTable ends who does not read, whoever holds the bytes", () => {
  for (const answer of [held, sent]) {
    const table = new ConnectionTable(LIMITS);
    answer(table, "a", 0, 1000);
    const bytesQueued = answer === sent ? 900 : 0;
    assert.deepEqual(table.look([seen("a", { bytesAcked: 20, bytesQueued })], 0), []);
    // Too few bytes are no progress.
    assert.deepEqual(table.look([seen("a", { bytesAcked: 29, bytesQueued })], 20), []);
    assert.deepEqual(table.look([seen("a", { bytesAcked: 29, bytesQueued })], 21), [
      cut("a", "not reading"),
    ]);
  }
});

Deno.test("ConnectionTable ends an answer that takes too long, with progress or not", () => {
  for (const answer of [held, sent]) {
    const table = new ConnectionTable(LIMITS);
    answer(table, "a", 0, 10_000);
    const at = (now: number) => [seen("a", { bytesAcked: 20 * (now + 1), bytesQueued: 9 })];
    for (let now = 0; now <= 60; now += 10) assert.deepEqual(table.look(at(now), now), []);
    assert.deepEqual(table.look(at(61), 61), [cut("a", "answer takes too long")]);
  }
});

Deno.test("ConnectionTable ends one that holds an answer in a stream, however much it takes in others", () => {
  const table = new ConnectionTable(LIMITS);
  held(table, "a", 0, 1000);
  for (let now = 10; now <= 60; now += 10) {
    sent(table, "a", now, 1000);
    assert.deepEqual(table.look([seen("a", { bytesAcked: 2000 * now })], now), []);
    assert.equal(table.answering.certain, 1);
  }
  const all = [seen("a", { bytesAcked: 200_000 })];
  assert.deepEqual(table.look(all, 61), [cut("a", "answer takes too long")]);
});

Deno.test("ConnectionTable leaves a client alone that asks again and again", () => {
  const table = new ConnectionTable(LIMITS);
  let bytesAcked = 0;
  for (let now = 0; now < 1000; now += 10) {
    const { handedOver } = held(table, "a", now, 1000);
    assert.deepEqual(table.look([seen("a", { bytesAcked: bytesAcked + 500 })], now), []);
    assert.equal(table.answering.certain, 1);
    handedOver();
    bytesAcked += 1100;
    // The next request is there already when the answer before is taken.
    if (now % 20 === 0) continue;
    assert.deepEqual(table.look([seen("a", { bytesAcked })], now + 5), []);
  }
});

Deno.test("ConnectionTable waits for a decision who is let in, but not for ever", () => {
  const table = new ConnectionTable(LIMITS);
  table.begin("a", 0);
  assert.deepEqual(table.look([seen("a")], 60), []);
  assert.deepEqual(table.look([seen("a")], 61), [cut("a", "answer takes too long")]);
});

Deno.test("ConnectionTable ends who sends much that is no request", () => {
  const table = new ConnectionTable(LIMITS);
  assert.deepEqual(table.look([seen("a", { bytesReceived: 50 })], 0), []);
  sent(table, "a", 1, 10);
  const answered = { bytesReceived: 300, bytesAcked: 20 };
  assert.deepEqual(table.look([seen("a", answered)], 2), []);
  assert.deepEqual(table.look([seen("a", { ...answered, bytesReceived: 350 })], 3), []);
  assert.deepEqual(table.look([seen("a", { ...answered, bytesReceived: 351 })], 4), [
    cut("a", "bytes that are no request"),
  ]);
});

Deno.test("ConnectionTable gives up the silent before the idle, who waits longest first, never the busy", () => {
  const table = new ConnectionTable({ ...LIMITS, maxConnections: 1 });
  sent(table, "a", 0);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 120 })], 1), []);
  sent(table, "b", 2);
  const reason = "connections beyond the limit";
  const a = seen("a", { bytesAcked: 120 });
  const b = seen("b", { bytesAcked: 20, bytesQueued: 9 });
  assert.deepEqual(table.look([a, b], 3), [cut("a", reason)]);
  assert.deepEqual(table.look([b, seen("c")], 4), [cut("c", reason)]);

  const two = new ConnectionTable({ ...LIMITS, maxConnections: 2 });
  sent(two, "a", 0, 1);
  two.look([seen("a", { bytesAcked: 1 })], 0);
  two.look([seen("a", { bytesAcked: 1 }), seen("b")], 1);
  const all = [seen("a", { bytesAcked: 1 }), seen("b"), seen("c"), seen("d")];
  assert.deepEqual(two.look(all, 2), [cut("b", reason), cut("c", reason)]);
});

Deno.test("ConnectionTable counts answers of which more than the tail is left", () => {
  const table = new ConnectionTable(LIMITS);
  const a = table.begin("a", 0);
  assert.equal(table.answering.certain, 0);
  a.answered(100);
  held(table, "b", 0, 8);
  assert.equal(table.answering.certain, 1);
  a.handedOver();
  table.look([seen("a", { bytesQueued: 9 }), seen("b")], 1);
  assert.equal(table.answering.certain, 1);
  table.look([seen("a", { bytesQueued: 8 }), seen("b")], 2);
  assert.equal(table.answering.certain, 0);
  assert.equal(table.busy, 2);
});

Deno.test("ConnectionTable counts every answer that one connection holds", () => {
  const table = new ConnectionTable(LIMITS);
  const answers = Array.from({ length: 3 }, () => held(table, "a", 0));
  table.begin("a", 0);
  assert.equal(table.answering.certain, 3, "one is not decided");
  answers[1]?.handedOver();
  assert.equal(table.answering.certain, 2, "in whatever order streams end");
  for (const { handedOver } of answers) handedOver();
  assert.deepEqual(table.answering, { certain: 0, possible: 3 });
  // Then the kernel says what the client has taken of what it got.
  table.look([seen("a", { bytesQueued: 300 })], 1);
  assert.deepEqual(table.answering, { certain: 1, possible: 1 });
});

Deno.test("ConnectionTable ends who asks for more than it may hold at once", () => {
  const table = new ConnectionTable(LIMITS);
  const hold = (client: string, bytes: number) =>
    Array.from({ length: 3 }, () => held(table, client, 0, bytes));
  hold("a", 8);
  const [first] = hold("b", 100);
  hold("c", 100);
  first?.handedOver();
  const all = ["a", "b", "c"].map((client) => seen(client));
  assert.deepEqual(table.look(all, 0), []);
  const overask = () => ["a", "b", "c"].map((client) => table.overasks(client));
  assert.deepEqual(overask(), [false, false, true], "small ones do not count");
  held(table, "b", 0);
  for (let count = 0; count < 9; count++) held(table, "c", 0, 1);
  assert.equal(table.answering.certain, 6, "those beyond the limit are refused");
  assert.deepEqual(table.look(all, 1), [cut("c", "answers beyond the limit")]);
  assert.equal(table.overasks("b"), true);
  assert.deepEqual(table.cutFor("e", 1, "answering"), [cut("b", "answers beyond the limit")]);
});

Deno.test("ConnectionTable.cutFor ends the answer that stands still for longest, or none", () => {
  const table = new ConnectionTable(LIMITS);
  held(table, "a", 0);
  table.look([seen("a")], 0);
  held(table, "b", 2);
  table.look([seen("a"), seen("b")], 2);
  assert.deepEqual(table.cutFor("e", 4, "answering"), []);
  assert.deepEqual(table.cutFor("e", 9, "answering"), [cut("a", "answers beyond the limit")]);
  assert.equal(table.answering.certain, 1);
});

Deno.test("ConnectionTable.cutFor lets no address keep another out, however fast its clients come", () => {
  for (const places of ["answering", "busy"] as const) {
    const table = new ConnectionTable({ ...LIMITS, maxConnections: 9 });
    const answering = (clients: readonly string[], nowMs: number) => {
      for (const client of clients) held(table, client, nowMs, places === "busy" ? 1 : 100);
      return clients.map((client) => seen(client));
    };
    const first = answering(["10.0.0.1 1"], 0);
    assert.deepEqual(table.look(first, 0), []);
    const all = [...first, ...answering(["10.0.0.2 1", "10.0.0.2 2", "10.0.0.2 3"], 1)];
    assert.deepEqual(table.look(all, 1), []);
    assert.deepEqual(table.cutFor("10.0.0.2 4", 2, places), [], "it is the one that holds most");
    const cuts = table.cutFor("10.0.0.3 1", 2, places).map(({ client }) => client);
    assert.deepEqual(cuts, ["10.0.0.2 1"]);
    assert.deepEqual(table.cutFor("10.0.0.1 2", 2, places), [], "it would hold as much then");
  }
});

Deno.test("ConnectionTable.cutWaiting ends all but the busy", () => {
  const table = new ConnectionTable(LIMITS);
  held(table, "a", 0);
  table.look([seen("a"), seen("b")], 0);
  assert.deepEqual(table.cutWaiting(), [cut("b", "no descriptor is left")]);
  assert.equal(table.size, 1);
});

Deno.test("ConnectionTable takes a client that comes back on the same port for a new one", () => {
  const table = new ConnectionTable(LIMITS);
  const first = held(table, "a", 0, 1000);
  table.look([seen("a", { bytesReceived: 9, bytesAcked: 500 })], 1);
  first.handedOver();
  assert.deepEqual(table.look([seen("a", { bytesReceived: 4 })], 2), []);
  assert.deepEqual([table.answering.certain, table.busy, table.size], [0, 0, 1]);
});

Deno.test("ConnectionTable knows the request of one that came back before the look", () => {
  const table = new ConnectionTable(LIMITS);
  sent(table, "a", 0);
  table.look([seen("a", { bytesReceived: 9, bytesAcked: 500 })], 1);
  const { handedOver } = held(table, "a", 2);
  const again = { ...seen("a"), fd: 7 };
  assert.deepEqual(table.look([{ ...again, bytesReceived: 9 }], 3), []);
  assert.deepEqual([table.answering.certain, table.busy, table.fdOf("a")], [1, 1, 7]);
  handedOver();
  const taken = { ...again, bytesReceived: 9, bytesAcked: 100 };
  assert.deepEqual(table.look([taken], 15), [], "it has asked");
  assert.deepEqual(table.look([taken], 116), [{ ...cut("a", "idle"), fd: 7 }]);
});

Deno.test("ConnectionTable ends a second connection of one client's port to another address of ours", () => {
  const table = new ConnectionTable(LIMITS);
  const [first, second] = [seen("a"), { ...seen("a"), fd: 8 }];
  const ended = [{ client: "a", fd: 8, reason: "port of another connection" }];
  assert.deepEqual(table.look([first, second], 0), ended);
  // Whichever the kernel shows first, and whatever it has counted.
  assert.deepEqual(table.look([{ ...second, bytesReceived: 9 }, first], 5), ended);
  assert.deepEqual([table.size, table.fdOf("a")], [1, 1]);
  assert.deepEqual(table.look([first], 11), [cut("a", "idle")], "its time went on");
});

Deno.test("ConnectionTable forgets who is gone and ends nobody twice, whatever clients do", () => {
  const client = fc.constantFrom(..."abcdefgh");
  const step = fc.record({
    open: fc.uniqueArray(client),
    asks: fc.array(fc.tuple(client, fc.nat(300))),
    grows: fc.array(fc.tuple(client, fc.nat(60), fc.nat(300), fc.nat(20))),
    passMs: fc.nat(30),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const table = new ConnectionTable(LIMITS);
      const kernel = new Map<string, SeenConnection>();
      let now = 0;
      let asked = 0;
      for (const { open, asks, grows, passMs } of steps) {
        now += passMs;
        for (const key of [...kernel.keys()]) if (!open.includes(key)) kernel.delete(key);
        for (const key of open) if (!kernel.has(key)) kernel.set(key, seen(key));
        for (const [key, bytes] of asks) {
          if (kernel.has(key)) (bytes % 2 === 0 ? held : sent)(table, key, now, bytes);
          asked++;
        }
        for (const [key, received, acked, bytesQueued] of grows) {
          const old = kernel.get(key);
          if (!old) continue;
          const bytesReceived = old.bytesReceived + received;
          kernel.set(key, {
            ...old,
            bytesReceived,
            bytesAcked: old.bytesAcked + acked,
            bytesQueued,
          });
        }
        const cuts = table.look([...kernel.values()], now);
        const fds = cuts.map(({ fd }) => fd);
        assert.equal(new Set(fds).size, fds.length);
        for (const key of [...kernel.keys()]) if (fds.includes(fdOf(key))) kernel.delete(key);
        assert.equal(table.size, kernel.size);
        // What the kernel has of several answers counts as one of them.
        assert.ok(table.answering.certain <= asked + table.size);
        assert.ok(table.busy <= table.size);
        // Who is within the limit was not ended for it.
        const surplus = cuts.filter(({ reason }) => reason === "connections beyond the limit");
        assert.ok(surplus.length === 0 || table.size >= LIMITS.maxConnections);
      }
    }),
    { seed: 11, numRuns: 500 },
  );
});
