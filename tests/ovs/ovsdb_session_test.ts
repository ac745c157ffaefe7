import assert from "node:assert/strict";
import fc from "fast-check";
import { OvsdbError } from "../../lib/ovs/ovsdb_error.ts";
import { followZones } from "../../lib/ovs/ovsdb_session.ts";
import { ManualClock } from "../threat/manual_clock.ts";
import { FakeOvsdb, initial, update } from "./fake_ovsdb.ts";

/** Lets everything go on that waits for nothing but its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A session, what it has told so far, and how it ended. */
function follow(database: FakeOvsdb) {
  const clock = new ManualClock();
  const told: [string, number][][] = [];
  const ended = followZones(database, (rows) => told.push([...rows.zones()]), { clock });
  const seen = { end: "" };
  ended.catch(({ message }) => seen.end = message);
  return {
    ...{ told, ended, seen },
    /** Lets time pass, a second at a time, in which the database does something. */
    async pass(seconds: number, act: () => void = () => {}) {
      for (let second = 0; second < seconds; second++) {
        await turn();
        clock.advance(1000);
        await turn();
        act();
      }
    },
  };
}

const SILENT = "Open vSwitch's database gave no answer for 10 s";
const PROBE = { method: "echo", params: [], id: "probe" };
const ANSWER = { id: "probe", result: [], error: null };

Deno.test("followZones asks for the bridges' external_ids, and tells zones at first and when they change", async () => {
  const database = new FakeOvsdb();
  const { told, ended } = follow(database);
  database.say(initial({ a: { "ct-zone-p": "1" } }));
  database.say(update({ b: { "ct-zone-q": "2" } }));
  database.say({ id: null, method: "update", params: ["another", {}] });
  database.say({ id: 9, result: {} });
  await turn();
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

Deno.test("followZones answers the database's echo, and asks whether the answer was read", async () => {
  const database = new FakeOvsdb();
  const { ended } = follow(database);
  database.say({ id: "echo", method: "echo", params: [1, "x"] });
  database.say({ id: null, method: "echo", params: [] });
  database.say({ id: 2, method: "echo", params: [] });
  await turn();
  database.end();
  await assert.rejects(ended);
  assert.deepEqual(database.heard.slice(1), [
    { id: "echo", result: [1, "x"], error: null },
    PROBE,
    { id: 2, result: [], error: null },
  ]);
});

Deno.test("followZones writes one message after the other, however little is taken at a time", async () => {
  const database = new FakeOvsdb();
  const { pass } = follow(database);
  for (let id = 0; id < 50; id++) database.say({ id, method: "echo", params: ["x".repeat(99)] });
  await pass(1);
  assert.equal(database.heard.length, 1 + 50 + 1);
  database.end();
});

Deno.test("followZones asks a silent database whether it lives, and leaves one that does not say so", async () => {
  const database = new FakeOvsdb();
  const { ended, pass, seen } = follow(database);
  database.say(initial({ a: { "ct-zone-p": "1" } }));
  // Bytes that never become a message are no sign of life.
  const trickle = () => database.say(new TextEncoder().encode("["));
  await pass(4, trickle);
  assert.equal(database.heard.length, 1);
  await pass(5, trickle);
  assert.deepEqual([database.heard.slice(1), seen.end], [[PROBE], ""]);
  await pass(1, trickle);
  await assert.rejects(ended, { name: "OvsdbError", message: SILENT });
  assert.equal(database.closed, 1);
});

const TALK: readonly (readonly [what: string, message: unknown])[] = [
  ["answers the probe", ANSWER],
  ["asks for an echo", { id: "echo", method: "echo", params: [] }],
  ["tells other things", { id: null, method: "nothing", params: [] }],
  ["answers the monitor with nothing", { id: "zones", error: null }],
  ["asks things by the probe's id", { id: "probe", method: "steal", params: [], result: [] }],
  ["asks things by the monitor's id", { id: "zones", method: "steal", params: [], result: {} }],
];

for (const [what, message] of TALK) {
  Deno.test(`followZones leaves a database that ${what}, but tells no zones`, async () => {
    const database = new FakeOvsdb();
    const { told, pass, seen } = follow(database);
    await pass(9, () => database.say(message));
    assert.equal(seen.end, "");
    await pass(1);
    assert.deepEqual([told, seen.end], [[], SILENT]);
  });
}

for (const [what, message] of TALK.filter(([, message]) => message !== ANSWER)) {
  Deno.test(`followZones leaves a database that told zones, and then only ${what}`, async () => {
    const database = new FakeOvsdb();
    const { pass, seen } = follow(database);
    database.say(initial({}));
    await pass(9, () => database.say(message));
    assert.equal(seen.end, "");
    await pass(1);
    assert.equal(seen.end, SILENT);
  });
}

Deno.test("followZones stays with a database that only answers its probes, for as long as it does", async () => {
  const database = new FakeOvsdb();
  const { told, pass, seen } = follow(database);
  database.say(initial({ a: { "ct-zone-p": "1" } }));
  let answered = 1;
  const answer = () => {
    if (database.heard.length > answered) database.say(ANSWER);
    answered = database.heard.length;
  };
  await pass(60, answer);
  assert.deepEqual(database.heard.slice(1), Array.from({ length: 12 }, () => PROBE));
  database.say(update({ a: null }));
  await pass(9);
  assert.deepEqual([told, seen.end], [[[["p", 1]], []], ""]);
  await pass(1);
  assert.equal(seen.end, SILENT);
});

Deno.test("followZones needs no probe of a database that tells changes", async () => {
  const database = new FakeOvsdb();
  const { pass, seen } = follow(database);
  database.say(initial({}));
  await pass(60, () => database.say(update({})));
  assert.deepEqual([database.heard.length, seen.end], [1, ""]);
  database.end();
});

Deno.test("followZones leaves a database that does not read what is written, as it does a silent one", async () => {
  const database = new FakeOvsdb();
  const { pass, seen } = follow(database);
  database.say(initial({}));
  await turn();
  database.isDeaf = true;
  database.say({ id: "echo", method: "echo", params: ["x".repeat(60_000)] });
  await pass(9);
  assert.equal(seen.end, "");
  await pass(1);
  assert.deepEqual([seen.end, database.closed], [SILENT, 1]);
});

Deno.test("followZones ends with what reading says where writing fails", async () => {
  const database = new FakeOvsdb();
  database.write = () => Promise.reject(new Deno.errors.BrokenPipe("Broken pipe"));
  const { seen } = follow(database);
  await turn();
  assert.equal(seen.end, "");
  database.end();
  await turn();
  assert.equal(seen.end, "Open vSwitch's database closed the connection");
});

/** Ends of a session whose database asks for so many echoes with texts of so many bytes. */
const ECHOES: readonly {
  readonly what: string;
  readonly count: number;
  readonly length: number;
  readonly end: string;
}[] = [
  { what: "takes an echo of 64 KiB", count: 1, length: 65_501, end: "" },
  {
    what: "refuses an echo of more",
    count: 1,
    length: 65_502,
    end: "it asks for an echo of more than 65536 bytes",
  },
  {
    what: "refuses an echo of 8 MB",
    count: 1,
    length: 8_000_000,
    end: "it asks for an echo of more than 65536 bytes",
  },
  { what: "takes two that are long", count: 2, length: 60_000, end: "" },
  {
    what: "refuses three that are long before it knows that the database reads",
    count: 3,
    length: 60_000,
    end: "it asks for echo after echo, and answers none",
  },
  { what: "takes a hundred that are short", count: 100, length: 1, end: "" },
  {
    what: "refuses a flood of short ones",
    count: 150,
    length: 1,
    end: "it asks for echo after echo, and answers none",
  },
];

for (const { what, count, length, end } of ECHOES) {
  Deno.test(`followZones ${what}`, async () => {
    const database = new FakeOvsdb();
    const { seen } = follow(database);
    database.say(initial({}));
    await turn();
    // It must make no difference whether it reads: that is not known yet.
    database.isDeaf = true;
    for (let at = 0; at < count; at++) {
      database.say({ id: 1, method: "echo", params: ["x".repeat(length)] });
    }
    await turn();
    assert.equal(seen.end, end && `Cannot use the answer of Open vSwitch's database: ${end}`);
    assert.equal(database.closed, end ? 1 : 0);
    database.end();
  });
}

Deno.test("followZones answers any number of echoes of a database that reads the answers", async () => {
  const database = new FakeOvsdb();
  const { pass, seen } = follow(database);
  database.say(initial({}));
  for (let round = 0; round < 10; round++) {
    for (let id = 0; id < 100; id++) database.say({ id, method: "echo", params: [] });
    // The first of them brings a probe, and its answer another one for those after it.
    await pass(2, () => database.say(ANSWER));
    await turn();
  }
  assert.equal(seen.end, "");
  const answers = database.heard.filter((message) => (message as { result?: unknown }).result);
  assert.equal(answers.length, 1000);
  database.end();
});

Deno.test("followZones does not believe answers to probes that are not yet written", async () => {
  const database = new FakeOvsdb();
  const { pass, seen } = follow(database);
  database.say(initial({}));
  await turn();
  database.isDeaf = true;
  for (let id = 0; id < 150; id++) {
    database.say({ id, method: "echo", params: [] });
    database.say(ANSWER);
  }
  await pass(1);
  assert.match(seen.end, /it asks for echo after echo, and answers none$/);
});

Deno.test("followZones refuses a message that is longer than any of a database", async () => {
  const database = new FakeOvsdb();
  const { ended, seen } = follow(database);
  database.say(new TextEncoder().encode(`{"id":"${"x".repeat(16 * 1024 * 1024 - 7)}`));
  await turn();
  assert.equal(seen.end, "");
  database.say(new TextEncoder().encode("x"));
  database.end();
  await assert.rejects(ended, /: a message has more than 16777216 bytes$/);
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
