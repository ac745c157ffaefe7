import assert from "node:assert/strict";
import fc from "fast-check";
import type { PortZones } from "../../lib/conntrack/port_zones.ts";
import { OvsdbError } from "../../lib/ovs/ovsdb_error.ts";
import { followZones } from "../../lib/ovs/ovsdb_session.ts";
import { settle } from "../threat/manual_clock.ts";
import { FakeOvsdb, initial, update } from "./fake_ovsdb.ts";

/** Longer than any test: silence then ends nothing. */
const NEVER_MS = 600_000;

/** A session, and what it has told so far. */
function follow(database: FakeOvsdb, probeAfterMs = NEVER_MS) {
  const told: [string, number][][] = [];
  const onZones = (zones: PortZones) => told.push([...zones]);
  return { told, ended: followZones(database, onZones, probeAfterMs) };
}

Deno.test("followZones asks for the bridges' external_ids, and tells zones at first and when they change", async () => {
  const database = new FakeOvsdb();
  const { told, ended } = follow(database);
  database.say(initial({ a: { "ct-zone-p": "1" } }));
  database.say(update({ b: { "ct-zone-q": "2" } }));
  database.say({ id: null, method: "update", params: ["another", {}] });
  database.say({ id: 9, result: {} });
  database.end();
  await assert.rejects(ended, /Open vSwitch's database closed the connection/);
  assert.deepEqual(told, [[["p", 1]], [["p", 1], ["q", 2]]]);
  assert.deepEqual(database.heard, [{
    method: "monitor",
    params: ["Open_vSwitch", "zones", { Bridge: { columns: ["external_ids"] } }],
    id: "zones",
  }]);
  assert.equal(database.closed, 1);
});

Deno.test("followZones answers the database's echo", async () => {
  const database = new FakeOvsdb();
  const { ended } = follow(database);
  database.say({ id: "echo", method: "echo", params: [1, "x"] });
  database.say({ id: null, method: "echo", params: [] });
  await settle();
  database.end();
  await assert.rejects(ended);
  assert.deepEqual(database.heard.slice(1), [{ id: "echo", result: [1, "x"], error: null }]);
});

Deno.test("followZones asks a silent database whether it lives, and leaves one that does not say so", async () => {
  const database = new FakeOvsdb();
  const { ended } = follow(database, 20);
  // Bytes that never become a message are no sign of life.
  const trickle = setInterval(() => database.say(new TextEncoder().encode("[")), 5);
  await assert.rejects(ended, /gave no answer for 0.04 s/);
  clearInterval(trickle);
  assert.deepEqual(database.heard[1], { method: "echo", params: [], id: "probe" });
  assert.equal(database.closed, 1);
});

const TALK: readonly (readonly [what: string, message: unknown])[] = [
  ["answers the probe", { id: "probe", result: [], error: null }],
  ["asks for an echo", { id: "echo", method: "echo", params: [] }],
  ["tells other things", { id: null, method: "nothing", params: [] }],
];

for (const [what, message] of TALK) {
  Deno.test(`followZones leaves a database that ${what}, but tells no zones`, async () => {
    const database = new FakeOvsdb();
    const { told, ended } = follow(database, 20);
    const talk = setInterval(() => database.say(message), 5);
    await assert.rejects(ended, /gave no answer for 0.04 s/);
    clearInterval(talk);
    assert.deepEqual(told, []);
  });
}

Deno.test("followZones stays with a database that has told zones and answers the probe", async () => {
  const database = new FakeOvsdb();
  const { told, ended } = follow(database, 20);
  database.say(initial({ a: { "ct-zone-p": "1" } }));
  const talk = setInterval(() => database.say({ id: "probe", result: [], error: null }), 5);
  await new Promise((resolve) => setTimeout(resolve, 200));
  clearInterval(talk);
  database.say(update({ a: null }));
  database.end();
  await assert.rejects(ended, /closed the connection/);
  assert.deepEqual(told, [[["p", 1]], []]);
});

const NONSENSE: readonly (readonly [what: string, message: unknown, error: RegExp])[] = [
  [
    "refuses",
    { id: "zones", result: null, error: { error: "unknown database" } },
    /refuses .*unknown/,
  ],
  ["answers with another form", { id: "zones", result: 7, error: null }, /an object is missing/],
  ["speaks HTTP", new TextEncoder().encode("HTTP/1.1 400\r\n"), /no JSON object/],
];

for (const [what, message, error] of NONSENSE) {
  Deno.test(`followZones ends where the database ${what}`, async () => {
    const database = new FakeOvsdb();
    const { told, ended } = follow(database);
    database.say(message);
    await assert.rejects(ended, error);
    assert.deepEqual([told, database.closed], [[], 1]);
  });
}

Deno.test("followZones ends with an OvsdbError, whatever messages come", async () => {
  const message = fc.oneof(
    fc.jsonValue(),
    fc.record({
      id: fc.constantFrom("zones", "probe", null, 1),
      method: fc.constantFrom("update", "echo", undefined),
      params: fc.jsonValue(),
      result: fc.jsonValue(),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(message), async (messages) => {
      const database = new FakeOvsdb();
      const { ended } = follow(database);
      for (const each of messages) database.say(each ?? {});
      database.end();
      await assert.rejects(ended, OvsdbError);
    }),
    { seed: 20_303, numRuns: 200 },
  );
});
