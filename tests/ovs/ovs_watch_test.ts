import assert from "node:assert/strict";
import { OvsWatch } from "../../lib/ovs/ovs_watch.ts";
import type { OvsState } from "../../lib/ovs/ovs_state.ts";
import { ManualClock, settle } from "../threat/manual_clock.ts";
import { FakeOvsdb, initial, update } from "./fake_ovsdb.ts";

/** A watch over databases that a test plays, one after the other. */
class Scene implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly databases: (FakeOvsdb | Error)[] = [];
  readonly told: (readonly [string, number][] | "nothing")[] = [];
  readonly log: string[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(...databases: (FakeOvsdb | Error)[]) {
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
      probeAfterMs: 600_000,
    });
    this.#running = watch.run(this.#stop.signal);
  }

  async pass(ms: number): Promise<void> {
    await settle();
    this.clock.advance(ms);
    await settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
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
  await settle();
  good.end();
  await settle();
  assert.equal((scene.clock.due[0] ?? NaN) - scene.clock.now(), 500);
  assert.equal(scene.log.filter((line) => line.includes('"begins"')).length, 2);
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

Deno.test("OvsWatch ends its connection when it is told to stop", async () => {
  const database = new FakeOvsdb();
  {
    await using scene = new Scene(database);
    database.say(initial({}));
    await scene.pass(0);
  }
  assert.equal(database.closed > 0, true);
});
