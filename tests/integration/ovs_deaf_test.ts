import assert from "node:assert/strict";
import { OvsThread } from "../../lib/ovs_thread.ts";
import { within } from "../../lib/within.ts";
import { waitUntil } from "../e2e/wait_until.ts";
import { initial, update } from "../ovs/fake_ovsdb.ts";
import { WatchedOvsdb } from "./ovs_watched.ts";

/** Says texts for as long as it likes; what it is given to say them with fails once nobody listens. */
type Talk = (say: (text: string) => Promise<void>) => Promise<void>;

/** A database on a real socket that talks and reads nothing, not even what it is asked for. */
class DeafDatabase implements AsyncDisposable {
  readonly path: string;
  /** Connections that the other side has closed. */
  closed = 0;
  readonly #folder: string;
  readonly #listener: Deno.UnixListener;
  readonly #connections: Deno.UnixConn[] = [];
  readonly #serving: Promise<void>;

  constructor(talk: Talk) {
    this.#folder = Deno.makeTempDirSync({ prefix: "oie-deaf-" });
    this.path = `${this.#folder}/db.sock`;
    this.#listener = Deno.listen({ transport: "unix", path: this.path });
    this.#serving = this.#serve(talk);
  }

  async #serve(talk: Talk): Promise<void> {
    const talking: Promise<unknown>[] = [];
    for await (const connection of this.#listener) {
      this.#connections.push(connection);
      const say = async (text: string) => {
        let bytes = new TextEncoder().encode(text);
        while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
      };
      talking.push(talk(say).catch(() => this.closed++));
    }
    await Promise.all(talking);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    // Where the other side has let go of its ends, what is said has failed.
    await within(this.#serving, 10_000, undefined);
    for (const connection of this.#connections) connection.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

const ZONES = JSON.stringify(initial({ a: { "ct-zone-p": "7" } }));

function echo(length: number): string {
  return JSON.stringify({ id: 1, method: "echo", params: ["x".repeat(length)] });
}

const TALKS: readonly { readonly what: string; readonly talk: Talk }[] = [
  {
    what: "says nothing more",
    async talk(say) {
      await say(ZONES);
      // Spaces are no message, and tell when nobody listens any more.
      for (;;) {
        await say(" ");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  },
  {
    what: "asks for long echoes, and then says nothing more",
    async talk(say) {
      await say(ZONES + echo(60_000) + echo(60_000));
      for (;;) {
        await say(" ");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  },
  {
    what: "asks for an echo of 8 MB",
    async talk(say) {
      await say(ZONES);
      // The zones are told by then, and it is not yet silent.
      await new Promise((resolve) => setTimeout(resolve, 700));
      await say(echo(8_000_000));
      for (;;) await say(" ");
    },
  },
  {
    what: "asks for echoes without end",
    async talk(say) {
      await say(ZONES);
      await new Promise((resolve) => setTimeout(resolve, 700));
      for (;;) await say(echo(0).repeat(1000));
    },
  },
];

for (const { what, talk } of TALKS) {
  Deno.test(`OvsWatch leaves a database that reads nothing and ${what}, and lets go of the socket`, async () => {
    await using database = new DeafDatabase(talk);
    await using watched = new WatchedOvsdb(database.path, 1000);
    for (let turn = 1; turn <= 2; turn++) {
      await watched.sees({ p: 7 });
      await watched.sees(null);
      await waitUntil(
        "the connection's end",
        () => Promise.resolve(database.closed >= turn ? true : undefined),
        { withinMs: 30_000 },
      );
    }
    assert.ok(watched.log.includes("Open vSwitch's database cannot be followed"));
  });
}

const FLOODS: readonly { readonly what: string; readonly text: string }[] = [
  { what: "floods it with updates", text: JSON.stringify(update({})).repeat(1000) },
  { what: "asks it for echoes", text: echo(0).repeat(1000) },
  { what: "floods it with answers", text: '{"id":"probe","result":[]}'.repeat(1000) },
];

for (const { what, text } of FLOODS) {
  Deno.test(`OvsThread ends by itself while a database that reads nothing ${what}`, async () => {
    await using database = new DeafDatabase(async (say) => {
      await say(ZONES + echo(60_000));
      for (;;) await say(text);
    });
    const told = Promise.withResolvers<void>();
    const thread = new OvsThread("auto", "info", {
      ovs: (state) => state?.zones?.has("p") && told.resolve(),
      log() {},
      died: told.reject,
    }, { usualSocket: database.path });
    await told.promise;
    // By now the socket is full in both directions.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.notEqual(await within(thread.stop(600_000), 30_000, "late"), "late");
  });
}
