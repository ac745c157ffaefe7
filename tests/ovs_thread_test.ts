import assert from "node:assert/strict";
import { OvsThread, type OvsThreadOptions } from "../lib/ovs_thread.ts";

/** A worker that posts what it is given as the level of the log; "die" kills it. */
function puppet(): Worker {
  const code = `self.onmessage = ({ data }) => {
    if (data.type === "log-level" && data.level === "die") throw new Error("out of memory");
    if (data.type === "start") self.postMessage({ type: "log", record: data.path });
    if (data.type === "log-level") self.postMessage(data.level);
    if (data.type === "stop") self.postMessage({ type: "stopped" });
  };`;
  return new Worker(`data:application/javascript,${encodeURIComponent(code)}`, { type: "module" });
}

/** A thread with what it told, one line each; `next` waits for the next. */
function watch(db: ConstructorParameters<typeof OvsThread>[0], options: OvsThreadOptions = {}) {
  const told: string[] = [];
  let heard = Promise.withResolvers<void>();
  const tell = (line: string) => {
    told.push(line);
    heard.resolve();
  };
  const thread = new OvsThread(db, "info", {
    ovs: (state) => tell(JSON.stringify(state && [...state.zones ?? ["nothing"]]) ?? "none"),
    log: (record) => tell(String(record)),
    died: ({ message }) => tell(message.replace(/^Uncaught Error: /, "")),
  }, { openWorker: puppet, restartAfterMs: 10, lookEveryMs: 10, ...options });
  return {
    thread,
    told,
    async lines(count: number) {
      while (told.length < count) {
        await heard.promise;
        heard = Promise.withResolvers();
      }
      return told;
    },
    say: (message: unknown) => thread.setLogLevel(message as "info"),
  };
}

Deno.test("OvsThread hands on what its worker says, and starts another when it dies", async () => {
  const { thread, lines, say } = watch("/run/some.sock");
  await lines(2);
  say({ type: "ovs", state: { zones: new Map([["p", 1]]) } });
  await lines(3);
  say("die");
  await lines(6);
  say({ type: "ovs", state: {} });
  assert.deepEqual((await lines(7)).map((line) => line.split("\n")[0]), [
    '["nothing"]',
    "/run/some.sock",
    '[["p",1]]',
    '["nothing"]',
    "out of memory",
    "/run/some.sock",
    '["nothing"]',
  ]);
  await thread.stop(4000);
});

Deno.test("OvsThread has no worker until the usual socket is there", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-ovs-thread-" });
  try {
    const path = `${folder}/db.sock`;
    const { thread, lines } = watch("auto", { usualSocket: path });
    await lines(3);
    await Deno.writeTextFile(path, "");
    while (!(await lines(4)).includes(path)) await lines((await lines(4)).length + 1);
    assert.deepEqual(new Set(await lines(5)), new Set(["none", '["nothing"]', path]));
    await thread.stop(4000);
    const idle = watch("auto", { usualSocket: `${folder}/none.sock` });
    await idle.thread.stop(4000);
    assert.deepEqual(idle.told, ["none"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
