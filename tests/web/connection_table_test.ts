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
  const quiet = { bytesReceived: 0, bytesAcked: 0, isSending: false };
  return { client, fd: fdOf(client), ...quiet, ...counters };
}

Deno.test("ConnectionTable ends who sends no request in time, trickled bytes or not", () => {
  const table = new ConnectionTable(LIMITS);
  assert.deepEqual(table.look([seen("a")], 0), []);
  assert.deepEqual(table.look([seen("a", { bytesReceived: 5 })], 10), []);
  const cuts = table.look([seen("a", { bytesReceived: 6, isSending: true })], 11);
  assert.deepEqual(cuts, [cut("a", "no request")]);
  assert.equal(table.size, 0);
  // Without a byte it is what browsers do: nothing to complain of.
  assert.deepEqual(table.look([seen("b")], 20), []);
  assert.deepEqual(table.look([seen("b")], 31), [cut("b", "idle")]);
});

Deno.test("ConnectionTable ends who stays after what was said to be the last answer", () => {
  const table = new ConnectionTable(LIMITS);
  table.begin("a", 0).answered(100, true);
  assert.deepEqual(table.look([seen("a", { isSending: true })], 1), []);
  const taken = seen("a", { bytesAcked: 100 });
  assert.deepEqual(table.look([taken], 2), []);
  assert.deepEqual(table.look([taken], 32), []);
  assert.deepEqual(table.look([taken], 33), [cut("a", "idle")]);
});

Deno.test("ConnectionTable ends who is idle after an answer, and nobody earlier", () => {
  const table = new ConnectionTable(LIMITS);
  table.begin("a", 0).answered(100);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 90, isSending: true })], 5), []);
  assert.equal(table.busy, 1);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 130 })], 10), []);
  assert.equal(table.busy, 0);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 130, bytesReceived: 9 })], 110), []);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 130, bytesReceived: 9 })], 111), [
    cut("a", "idle"),
  ]);
});

Deno.test("ConnectionTable ends who does not read, whoever holds the bytes", () => {
  for (const isSending of [true, false]) {
    const table = new ConnectionTable(LIMITS);
    table.begin("a", 0).answered(1000);
    assert.deepEqual(table.look([seen("a", { bytesAcked: 20, isSending })], 0), []);
    // Too few bytes are no progress.
    assert.deepEqual(table.look([seen("a", { bytesAcked: 29, isSending })], 20), []);
    assert.deepEqual(table.look([seen("a", { bytesAcked: 29, isSending })], 21), [
      cut("a", "not reading"),
    ]);
  }
});

Deno.test("ConnectionTable ends an answer that takes too long, with progress or not", () => {
  const table = new ConnectionTable(LIMITS);
  table.begin("a", 0).answered(10_000);
  for (let now = 0; now <= 60; now += 10) {
    assert.deepEqual(table.look([seen("a", { bytesAcked: 20 * (now + 1) })], now), []);
  }
  assert.deepEqual(table.look([seen("a", { bytesAcked: 2000 })], 61), [
    cut("a", "answer takes too long"),
  ]);
});

Deno.test("ConnectionTable leaves a client alone that asks again and again", () => {
  const table = new ConnectionTable(LIMITS);
  let bytesAcked = 0;
  for (let now = 0; now < 1000; now += 10) {
    table.begin("a", now).answered(1000);
    assert.deepEqual(table.look([seen("a", { bytesAcked: bytesAcked + 500 })], now), []);
    assert.equal(table.answering.certain, 1);
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
  table.begin("a", 1).answered(10);
  const answered = { bytesReceived: 300, bytesAcked: 20 };
  assert.deepEqual(table.look([seen("a", answered)], 2), []);
  assert.deepEqual(table.look([seen("a", { ...answered, bytesReceived: 350 })], 3), []);
  assert.deepEqual(table.look([seen("a", { ...answered, bytesReceived: 351 })], 4), [
    cut("a", "bytes that are no request"),
  ]);
});

Deno.test("ConnectionTable gives up the silent before the idle, who waits longest first, never the busy", () => {
  const table = new ConnectionTable({ ...LIMITS, maxConnections: 1 });
  table.begin("a", 0).answered(100);
  assert.deepEqual(table.look([seen("a", { bytesAcked: 120 })], 1), []);
  table.begin("b", 2).answered(100);
  const reason = "connections beyond the limit";
  const a = seen("a", { bytesAcked: 120 });
  const b = seen("b", { bytesAcked: 20, isSending: true });
  assert.deepEqual(table.look([a, b], 3), [cut("a", reason)]);
  assert.deepEqual(table.look([b, seen("c")], 4), [cut("c", reason)]);

  const two = new ConnectionTable({ ...LIMITS, maxConnections: 2 });
  two.begin("a", 0).answered(1);
  two.look([seen("a", { bytesAcked: 1 })], 0);
  two.look([seen("a", { bytesAcked: 1 }), seen("b")], 1);
  const all = [seen("a", { bytesAcked: 1 }), seen("b"), seen("c"), seen("d")];
  assert.deepEqual(two.look(all, 2), [cut("b", reason), cut("c", reason)]);
});

Deno.test("ConnectionTable counts answers of which more than the tail is left", () => {
  const table = new ConnectionTable(LIMITS);
  const { answered: decide } = table.begin("a", 0);
  assert.equal(table.answering.certain, 0);
  decide(100);
  table.begin("b", 0).answered(8);
  assert.equal(table.answering.certain, 1);
  table.look([seen("a", { bytesAcked: 91 }), seen("b", { isSending: true })], 1);
  assert.equal(table.answering.certain, 1);
  table.look([seen("a", { bytesAcked: 92 }), seen("b", { isSending: true })], 2);
  assert.equal(table.answering.certain, 0);
  assert.equal(table.busy, 2);
});

Deno.test("ConnectionTable lets the heads of small answers stand for no page", () => {
  const table = new ConnectionTable(LIMITS);
  // Each is asked for before the one before is taken: the connection is never idle.
  let bytesAcked = 0;
  for (let count = 0; count < 10; count++) {
    table.begin("a", count).answered(9);
    table.look([seen("a", { bytesAcked, isSending: true })], count);
    bytesAcked += 300;
  }
  table.look([seen("a", { bytesAcked, isSending: true })], 10);
  table.begin("a", 10).answered(1000);
  assert.equal(table.answering.certain, 1);
  table.look([seen("a", { bytesAcked: bytesAcked + 900, isSending: true })], 11);
  assert.equal(table.answering.certain, 1);
});

Deno.test("ConnectionTable counts every answer of one connection", () => {
  const table = new ConnectionTable(LIMITS);
  for (let count = 0; count < 3; count++) table.begin("a", 0).answered(6);
  table.begin("a", 0);
  assert.equal(table.answering.certain, 3, "one is not decided");
  assert.equal(table.isLaden("a"), true);
  table.look([seen("a", { bytesAcked: 6 })], 1);
  assert.equal(table.answering.certain, 2);
  table.look([seen("a", { bytesAcked: 12 })], 2);
  assert.equal(table.answering.certain, 0, "the tail");
});

Deno.test("ConnectionTable ends who holds too many answers at once", () => {
  const table = new ConnectionTable(LIMITS);
  for (const client of ["a", "b", "c"]) {
    for (let count = 0; count < 4; count++) table.begin(client, 0).answered(client === "a" ? 2 : 6);
  }
  const laden = () => ["a", "b", "c"].map((client) => table.isLaden(client));
  assert.deepEqual(laden(), [false, true, true], "a has only a tail");
  const all = [seen("a"), seen("b", { bytesAcked: 6 }), seen("c")];
  assert.deepEqual(table.look(all, 0), [cut("c", "answers beyond the limit")]);
  assert.deepEqual([table.fdOf("b"), table.fdOf("c")], [2, undefined]);
  table.begin("b", 0).answered(6);
  assert.deepEqual(laden(), [false, true, false]);
  table.update(seen("b", { bytesAcked: 18 }), 0);
  assert.deepEqual(laden(), [false, false, false]);
  table.update(seen("d"), 0);
  assert.equal(table.size, 2);
  assert.equal(table.answering.certain, 2);
  for (let count = 0; count < 9; count++) table.begin("b", 0).answered(6);
  assert.equal(table.answering.certain, LIMITS.answersPerConnection, "the others are refused");
  assert.deepEqual(table.cutFor("e", 0), [cut("b", "answers beyond the limit")]);
});

Deno.test("ConnectionTable.cutFor ends the answer that stands still for longest, or none", () => {
  const table = new ConnectionTable(LIMITS);
  const sending = { isSending: true };
  table.begin("a", 0).answered(100);
  table.look([seen("a", sending)], 0);
  table.begin("b", 2).answered(100);
  table.look([seen("a", sending), seen("b", sending)], 2);
  assert.deepEqual(table.cutFor("e", 4), []);
  assert.deepEqual(table.cutFor("e", 9), [cut("a", "answers beyond the limit")]);
  assert.equal(table.answering.certain, 1);
});

Deno.test("ConnectionTable.cutFor lets no address keep another out, however fast its clients come", () => {
  const table = new ConnectionTable(LIMITS);
  const answering = (clients: readonly string[], nowMs: number) => {
    for (const client of clients) table.begin(client, nowMs).answered(100);
    return clients.map((client) => seen(client, { isSending: true }));
  };
  const first = answering(["10.0.0.1 1"], 0);
  assert.deepEqual(table.look(first, 0), []);
  const all = [...first, ...answering(["10.0.0.2 1", "10.0.0.2 2", "10.0.0.2 3"], 1)];
  assert.deepEqual(table.look(all, 1), []);
  assert.deepEqual(table.cutFor("10.0.0.2 4", 2), [], "it is the one that holds most");
  const cuts = table.cutFor("10.0.0.3 1", 2).map(({ client }) => client);
  assert.deepEqual(cuts, ["10.0.0.2 1"]);
  assert.deepEqual(table.cutFor("10.0.0.1 2", 2), [], "it would hold as much then");
});

Deno.test("ConnectionTable tells answers that the kernel has got since the look from those that are certain", () => {
  const table = new ConnectionTable(LIMITS);
  const ofA = table.begin("a", 0);
  ofA.answered(100);
  const [first, second] = [table.begin("b", 0), table.begin("b", 0)];
  for (const { answered } of [first, second]) answered(100);
  ofA.handedOver();
  first.handedOver();
  assert.deepEqual(table.answering, { certain: 2, possible: 3 }, "b has one that is not");
  second.handedOver();
  assert.deepEqual(table.answering, { certain: 0, possible: 3 });
  // Then the kernel says who has taken what it got.
  table.look([seen("a", { bytesAcked: 100 }), seen("b", { isSending: true })], 1);
  assert.deepEqual(table.answering, { certain: 2, possible: 2 });
});

Deno.test("ConnectionTable.cutWaiting ends all but the busy", () => {
  const table = new ConnectionTable(LIMITS);
  table.begin("a", 0).answered(100);
  table.look([seen("a", { isSending: true }), seen("b")], 0);
  assert.deepEqual(table.cutWaiting(), [cut("b", "no descriptor is left")]);
  assert.equal(table.size, 1);
});

Deno.test("ConnectionTable takes a client that comes back on the same port for a new one", () => {
  const table = new ConnectionTable(LIMITS);
  table.begin("a", 0).answered(1000);
  table.look([seen("a", { bytesReceived: 9, bytesAcked: 500 })], 1);
  assert.deepEqual(table.look([seen("a", { bytesReceived: 4 })], 2), []);
  assert.deepEqual([table.answering.certain, table.busy, table.size], [0, 0, 1]);
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
    grows: fc.array(fc.tuple(client, fc.nat(60), fc.nat(300), fc.boolean())),
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
          if (kernel.has(key)) table.begin(key, now).answered(bytes);
          asked++;
        }
        for (const [key, received, acked, isSending] of grows) {
          const old = kernel.get(key);
          if (!old) continue;
          const bytesReceived = old.bytesReceived + received;
          kernel.set(key, { ...old, bytesReceived, bytesAcked: old.bytesAcked + acked, isSending });
        }
        const cuts = table.look([...kernel.values()], now);
        const fds = cuts.map(({ fd }) => fd);
        assert.equal(new Set(fds).size, fds.length);
        for (const key of [...kernel.keys()]) if (fds.includes(fdOf(key))) kernel.delete(key);
        assert.equal(table.size, kernel.size);
        assert.ok(table.answering.certain <= asked);
        assert.ok(table.busy <= table.size);
        // Who is within the limit was not ended for it.
        const surplus = cuts.filter(({ reason }) => reason === "connections beyond the limit");
        assert.ok(surplus.length === 0 || table.size >= LIMITS.maxConnections);
      }
    }),
    { seed: 11, numRuns: 500 },
  );
});
