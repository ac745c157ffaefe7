import assert from "node:assert/strict";
import { parseFlags } from "../lib/config/parse_flags.ts";
import type { ThreatsMessage } from "../lib/messages.ts";
import { buildIndex } from "../lib/threat/build_index.ts";
import type { ListTelemetry } from "../lib/threat/telemetry.ts";
import { ThreatIndex } from "../lib/threat/threat_index.ts";
import { ThreatThread } from "../lib/threat_thread.ts";

Deno.test("ThreatThread hands on the lists of its worker, reads files and sends all again when told", async () => {
  const path = await Deno.makeTempFile({ prefix: "oie-threat-thread-" });
  try {
    await Deno.writeTextFile(path, "1.2.3.1\n");
    const command = parseFlags(["-customlist.enable", `-customlist.path=${path}`]);
    assert.ok(command.action === "run");
    const messages: ThreatsMessage[] = [];
    let arrived = Promise.withResolvers<void>();
    const logged: string[] = [];
    const thread = new ThreatThread(command.config, {
      threats: (message) => {
        messages.push(message);
        if (message.index !== undefined) arrived.resolve();
      },
      log: ({ message }) => logged.push(message),
      died: (error) => arrived.reject(error),
    });
    const maskOf = (last: number) => {
      const index = messages.findLast(({ index }) => index !== undefined)?.index;
      assert.ok(index);
      return new ThreatIndex(index).find(Uint32Array.of(0, 0, 0xffff, 0x0102_0300 + last), 0);
    };
    await arrived.promise;
    assert.deepEqual([maskOf(1), maskOf(2)], [16, 0]);
    assert.equal(messages.at(-1)?.telemetry[0]?.entries, 1);

    arrived = Promise.withResolvers();
    await Deno.writeTextFile(path, "1.2.3.2\n");
    thread.reload();
    await arrived.promise;
    assert.deepEqual([maskOf(1), maskOf(2)], [0, 16]);

    arrived = Promise.withResolvers();
    messages.length = 0;
    thread.resend();
    await arrived.promise;
    assert.deepEqual([maskOf(1), maskOf(2)], [0, 16], "the same again");
    assert.deepEqual(new Set(logged), new Set(["Threat list refreshed"]));
    await thread.stop(4000);
    await thread.stop(4000);
  } finally {
    await Deno.remove(path);
  }
});

/** A worker that posts what it is given as the level of the log, and dies when it is to reload. */
function puppet(): Worker {
  const code = `self.onmessage = ({ data }) => {
    if (data.type === "reload") throw new Error("out of memory");
    if (data.type === "log-level") self.postMessage(data.level);
    if (data.type === "start") self.postMessage({ type: "log", record: "started" });
    if (data.type === "stop") self.postMessage({ type: "stopped" });
  };`;
  return new Worker(`data:application/javascript,${encodeURIComponent(code)}`, { type: "module" });
}

Deno.test("ThreatThread starts again after its worker died, and tells the lists once all were read", async () => {
  const command = parseFlags(["-spamhaus.enable", "-emergingthreats.enable"]);
  assert.ok(command.action === "run");
  const messages: ThreatsMessage[] = [];
  let workers: Worker[] = [];
  let started = Promise.withResolvers<void>();
  const died = Promise.withResolvers<Error>();
  let told = Promise.withResolvers<void>();
  const thread = new ThreatThread(command.config, {
    threats: (message) => {
      messages.push(message);
      told.resolve();
    },
    log: () => started.resolve(),
    died: died.resolve,
  }, {
    restartAfterMs: 10,
    openWorker: () => {
      const worker = puppet();
      workers = [...workers, worker];
      return worker;
    },
  });
  const message = (index: boolean, ...telemetry: readonly ListTelemetry[]): ThreatsMessage => ({
    type: "threats",
    telemetry,
    ...index && { index: buildIndex([]) },
  });
  const post = (level: ThreatsMessage) => workers.at(-1)?.postMessage({ type: "log-level", level });
  const nothing = { errorsTotal: 0, entries: 0 };
  const good = { errorsTotal: 0, entries: 5, durationMs: 1, lastSuccessMs: 1000 };
  await started.promise;
  // The first one tells from the beginning what there is.
  const before = [
    message(false, { list: "spamhaus", ...nothing }, { list: "emergingthreats", ...nothing }),
    message(true, { list: "spamhaus", ...good }, { list: "emergingthreats", ...good }),
  ];
  for (const one of before) {
    told = Promise.withResolvers();
    post(one);
    await told.promise;
  }
  assert.deepEqual(messages, before);

  started = Promise.withResolvers();
  told = Promise.withResolvers();
  thread.reload();
  assert.match((await died.promise).message, /out of memory/);
  await started.promise;
  assert.equal(workers.length, 2);
  const failed = { errorsTotal: 1, entries: 0, durationMs: 3 };
  post(message(false, { list: "spamhaus", ...nothing }, { list: "emergingthreats", ...nothing }));
  post(message(true, { list: "spamhaus", ...good }, { list: "emergingthreats", ...nothing }));
  const after = message(
    false,
    { list: "spamhaus", ...good },
    { list: "emergingthreats", ...failed },
  );
  post(after);
  await told.promise;
  // The index is the one that was held back.
  assert.deepEqual(messages.slice(2), [{ ...after, index: buildIndex([]) }]);
  told = Promise.withResolvers();
  post(after);
  await told.promise;
  assert.deepEqual(messages.at(-1), after);
  await thread.stop(4000);
});
