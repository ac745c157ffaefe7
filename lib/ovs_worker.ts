/// <reference lib="deno.worker" />
import { sleepFor } from "./collection_loop.ts";
import { reportCrashes } from "./crash.ts";
import { forwardingLogger } from "./log/forward.ts";
import type { FromOvs, ToOvs } from "./messages.ts";
import { connectOvsdb } from "./ovs/connect_ovsdb.ts";
import { OvsWatch } from "./ovs/ovs_watch.ts";

const stop = new AbortController();
const log = forwardingLogger((record) => send({ type: "log", record }), { level: "info" });

function send(message: FromOvs): void {
  self.postMessage(message);
}

async function start({ path, level }: Extract<ToOvs, { type: "start" }>): Promise<void> {
  log.level = level;
  const watch = new OvsWatch({
    connect: () => connectOvsdb(path),
    publish: (state) => send({ type: "ovs", state }),
    log,
    clock: { now: () => performance.now(), sleep: sleepFor },
  });
  await watch.run(stop.signal);
  send({ type: "stopped" });
}

reportCrashes(self, ({ message, stack }) => send({ type: "crashed", message, stack }));

self.onmessage = ({ data }: MessageEvent<ToOvs>) => {
  switch (data.type) {
    case "start":
      void start(data);
      break;
    case "log-level":
      log.level = data.level;
      break;
    case "stop":
      stop.abort();
      break;
  }
};
