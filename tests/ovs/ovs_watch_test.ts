import assert from "node:assert/strict";
import { OvsWatch } from "../../lib/ovs/ovs_watch.ts";
import type { OvsState } from "../../lib/ovs/ovs_state.ts";
import { ZoneRows } from "../../lib/ovs/zone_rows.ts";
import { ManualClock, settle } from "../threat/manual_clock.ts";
import { FakeOvsdb, initial, update } from "./fake_ovsdb.ts";

type Answer = FakeOvsdb | Error | Promise<FakeOvsdb>;

/** A watch over databases that a test plays, one after the other. */
class Scene implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly databases: Answer[] = [];
  readonly told: (readonly [string, number][] | "nothing")[] = [];
  readonly log: string[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(...databases: Answer[]) {
    this.databases = databases;
    const write = (message: string, fields: unknown) =>
      this.log.push(`${message} ${JSON.stringify(fields)}`);
    const watch = new OvsWatch({
      connect: () => {
        const database = this.databases.shift() ?? new Error("no more");
        return database instanceof Error ? Promise.reject(database) : Promise.resolve(database);
      },
      publish: ({ zones }: OvsState) => this.told.push(zones ? [...zones] : "nothing"),
      log: { error: write, notice: write, info: write, debug: write },
      clock: this.clock,
    });
    this.#running = watch.run(this.#stop.signal);
  }

  async pass(ms: number): Promise<void> {
    await settle();
    this.clock.advance(ms);
    await settle();
  }

  /** Ends it, which nothing that the database does may hold up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    let isOver = false;
    this.#running.then(() => isOver = true);
    await settle();
    assert.ok(isOver);
  }
}

Deno.test("OvsWatch drops the zones with the connection, and has them again with the next", async () => {
  const [first, second] = [new FakeOvsdb(), new FakeOvsdb()];
  await using scene = new Scene(first, second);
  first.say(initial({ a: { "ct-zone-p": "1" } }));
  await scene.pass(0);
  first.end();
  await scene.pass(500);
  second.say(initial({ a: { "ct-zone-p": "2" } }));
  await scene.pass(500);
  assert.deepEqual(scene.told.slice(0, 2), [[["p", 1]], "nothing"]);
  await new Promise((resolve) => setTimeout(resolve, 550));
  assert.deepEqual(scene.told.slice(2), [[["p", 2]]]);
  assert.deepEqual(scene.log, [
    'Open vSwitch\'s database cannot be followed {"state":"begins",' +
    '"reason":"Open vSwitch\'s database closed the connection"}',
    'Open vSwitch\'s database cannot be followed {"state":"ended","count":1,"seconds":1}',
  ]);
});

Deno.test("OvsWatch waits longer after each failure, and begins anew after a success", async () => {
  const good = new FakeOvsdb();
  const bad = new Error("no socket");
  await using scene = new Scene(bad, bad, bad, bad, bad, bad, bad, good);
  const waits: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    await settle();
    const wait = (scene.clock.due[0] ?? NaN) - scene.clock.now();
    waits.push(wait);
    await scene.pass(wait);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000]);
  good.say(initial({}));
  await scene.pass(30_000);
  good.end();
  await settle();
  assert.equal((scene.clock.due[0] ?? NaN) - scene.clock.now(), 500);
  assert.equal(scene.log.filter((line) => line.includes('"begins"')).length, 2);
});

Deno.test("OvsWatch waits longer after each connection that tells zones and then ends too soon", async () => {
  const databases = Array.from({ length: 4 }, () => new FakeOvsdb());
  await using scene = new Scene(...databases);
  const waits: number[] = [];
  for (const [turn, database] of databases.entries()) {
    database.say(initial({}));
    // The last one is there for as long as the wait before it was.
    await scene.pass(turn === 3 ? 4000 : 499);
    database.end();
    await settle();
    const wait = (scene.clock.due[0] ?? NaN) - scene.clock.now();
    waits.push(wait);
    await scene.pass(wait);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 500]);
});

Deno.test("OvsWatch waits longer after each connection that tells nothing, however long it lasts", async () => {
  await using scene = new Scene(...Array.from({ length: 3 }, () => new FakeOvsdb()));
  const waits: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    await scene.pass(5000);
    await scene.pass(5000);
    const wait = (scene.clock.due[0] ?? NaN) - scene.clock.now();
    waits.push(wait);
    await scene.pass(wait);
  }
  assert.deepEqual(waits, [500, 1000, 2000]);
});

Deno.test("OvsWatch tells many changes together", async () => {
  const database = new FakeOvsdb();
  await using scene = new Scene(database);
  database.say(initial({}));
  for (let zone = 1; zone <= 200; zone++) database.say(update({ a: { "ct-zone-p": `${zone}` } }));
  await settle();
  assert.deepEqual(scene.told, [[]]);
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.deepEqual(scene.told, [[], [["p", 200]]]);
});

Deno.test("OvsWatch puts zones together only to tell them, however many updates come", async () => {
  const { zones } = ZoneRows.prototype;
  let count = 0;
  ZoneRows.prototype.zones = function () {
    count++;
    return zones.call(this);
  };
  try {
    const database = new FakeOvsdb();
    await using scene = new Scene(database);
    database.say(initial({ a: { "ct-zone-p": "1" } }));
    for (let turn = 0; turn < 1000; turn++) database.say(update({}));
    await settle();
    assert.deepEqual([scene.told.length, count], [1, 1]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.deepEqual([scene.told.length, count], [2, 2]);
  } finally {
    ZoneRows.prototype.zones = zones;
  }
});

Deno.test("OvsWatch drops the zones of a database that does not read any more", async () => {
  const database = new FakeOvsdb();
  await using scene = new Scene(database);
  database.say(initial({ a: { "ct-zone-p": "1" } }));
  await settle();
  database.isDeaf = true;
  database.say({ id: 1, method: "echo", params: [] });
  await scene.pass(5000);
  await scene.pass(4999);
  assert.deepEqual(scene.told, [[["p", 1]]]);
  await scene.pass(1);
  assert.deepEqual(scene.told, [[["p", 1]], "nothing"]);
  assert.equal(database.closed, 1);
});

Deno.test("OvsWatch drops the zones of a database that asks for a huge echo, and says so", async () => {
  const database = new FakeOvsdb();
  await using scene = new Scene(database);
  database.say(initial({ a: { "ct-zone-p": "1" } }));
  await settle();
  database.isDeaf = true;
  database.say({ id: 1, method: "echo", params: ["x".repeat(8_000_000)] });
  await settle();
  assert.deepEqual(scene.told, [[["p", 1]], "nothing"]);
  assert.deepEqual(scene.log, [
    'Open vSwitch\'s database cannot be followed {"state":"begins","reason":"Cannot use the answer ' +
    "of Open vSwitch's database: it asks for an echo of more than 65536 bytes\"}",
  ]);
});

Deno.test("OvsWatch can be stopped while the database reads nothing", async () => {
  const database = new FakeOvsdb();
  database.isDeaf = true;
  {
    await using scene = new Scene(database);
    database.say(initial({}));
    database.say({ id: 1, method: "echo", params: [] });
    await scene.pass(0);
  }
  assert.equal(database.closed > 0, true);
});

Deno.test("OvsWatch waits five seconds for a connection, and closes one that comes later", async () => {
  const connecting = Promise.withResolvers<FakeOvsdb>();
  const [late, next] = [new FakeOvsdb(), new FakeOvsdb()];
  await using scene = new Scene(connecting.promise, next);
  await scene.pass(4999);
  assert.deepEqual(scene.told, []);
  await scene.pass(1);
  assert.deepEqual(scene.told, ["nothing"]);
  assert.match(scene.log.join(), /"reason":"Open vSwitch's database takes no connection"/);
  connecting.resolve(late);
  await scene.pass(500);
  assert.deepEqual([late.closed, late.heard.length, next.closed], [1, 0, 0]);
  assert.equal(next.heard.length, 1);
});

Deno.test("OvsWatch can be stopped while it connects, and closes what comes of it", async () => {
  const connecting = Promise.withResolvers<FakeOvsdb>();
  const late = new FakeOvsdb();
  {
    await using scene = new Scene(connecting.promise);
    await scene.pass(0);
  }
  connecting.resolve(late);
  await settle();
  assert.deepEqual([late.closed, late.heard.length], [1, 0]);
});

Deno.test("OvsWatch says nothing over a connection that came as it was stopped", async () => {
  const connecting = Promise.withResolvers<FakeOvsdb>();
  const database = new FakeOvsdb();
  {
    await using scene = new Scene(connecting.promise);
    await scene.pass(0);
    connecting.resolve(database);
  }
  await settle();
  assert.deepEqual([database.closed, database.heard.length], [1, 0]);
});

Deno.test("OvsWatch ends its connection when it is told to stop", async () => {
  const database = new FakeOvsdb();
  {
    await using scene = new Scene(database);
    database.say(initial({}));
    // Its turn to be told has not come when the watch ends.
    database.say(update({ a: { "ct-zone-p": "1" } }));
    await scene.pass(0);
  }
  assert.equal(database.closed > 0, true);
});
