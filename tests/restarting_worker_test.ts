import assert from "node:assert/strict";
import { RestartingWorker } from "../lib/restarting_worker.ts";

/**
 * A worker that posts what it is posted; "die" kills it, "crash" has it say that it crashed, "stop" is
 * answered unless `isDeaf`.
 */
function puppet(isDeaf = false): Worker {
  const code = `self.onmessage = ({ data }) => {
    if (data.type === "die") throw new Error("out of memory");
    if (data.type === "crash") {
      self.postMessage({ type: "crashed", message: "a defect", stack: "at some.ts" });
    } else if (data.type !== "stop") self.postMessage({ type: "heard", data });
    else if (!${isDeaf}) self.postMessage({ type: "stopped" });
  };`;
  return new Worker(`data:application/javascript,${encodeURIComponent(code)}`, { type: "module" });
}

type Heard = { readonly type: "heard"; readonly data: unknown };

/** A worker with what it told; `wait` waits until so much was told. */
function watch(restartAfterMs: number, isDeaf = false) {
  const told: unknown[] = [];
  let heard = Promise.withResolvers<void>();
  const tell = (what: unknown) => {
    told.push(what);
    heard.resolve();
  };
  const worker = new RestartingWorker<{ type: string }, Heard>({
    open: () => puppet(isDeaf),
    start: (level) => ({ type: `start at ${level}` }),
    listen: (isFirst) => ({ data }) => tell([isFirst, data]),
    log: () => {},
    died: ({ message, stack }) => tell(message === "a defect" ? stack : message.split("\n")[0]),
    level: "info",
    restartAfterMs,
  });
  return {
    worker,
    async wait(count: number) {
      while (told.length < count) {
        await heard.promise;
        heard = Promise.withResolvers();
      }
      return told;
    },
  };
}

Deno.test("RestartingWorker starts another worker in place of one that died, at the newest level", async () => {
  const { worker, wait } = watch(10);
  await wait(1);
  worker.setLogLevel("debug");
  await wait(2);
  worker.post({ type: "die" });
  await wait(4);
  worker.post({ type: "crash" });
  await wait(6);
  worker.post({ type: "hello" });
  assert.deepEqual(await wait(7), [
    [true, { type: "start at info" }],
    [true, { type: "log-level", level: "debug" }],
    "Uncaught Error: out of memory",
    [false, { type: "start at debug" }],
    "at some.ts",
    [false, { type: "start at debug" }],
    [false, { type: "hello" }],
  ]);
  await worker.stop(60_000);
});

Deno.test("RestartingWorker.stop does not wait for a worker that is not there", async () => {
  const { worker, wait } = watch(60_000);
  worker.post({ type: "die" });
  await wait(2);
  worker.post({ type: "lost" });
  const start = performance.now();
  await worker.stop(60_000);
  assert.ok(performance.now() - start < 30_000);
});

Deno.test("RestartingWorker.stop waits for a worker that does not answer until the deadline", async () => {
  const { worker, wait } = watch(60_000, true);
  await wait(1);
  await worker.stop(10);
  await worker.stop(60_000);
});
