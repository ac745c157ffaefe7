/// <reference lib="deno.worker" />
import { lowerThreadPriority } from "../ffi/thread_priority.ts";
import { sleepFor } from "./collection_loop.ts";
import type { Config } from "./config/config.ts";
import { reportCrashes } from "./crash.ts";
import { forwardingLogger } from "./log/forward.ts";
import type { FromThreats, ToThreats } from "./messages.ts";
import { ThreatFeeds } from "./threat/threat_feeds.ts";
import { transferablesOf } from "./threat/threat_index.ts";

const stop = new AbortController();
const log = forwardingLogger((record) => send({ type: "log", record }), { level: "info" });
let feeds: ThreatFeeds | undefined;

function send(message: FromThreats, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

async function start(config: Config): Promise<void> {
  log.level = config["log.level"];
  // A long list keeps this thread busy for a second or more; a cycle that is due must not wait for it.
  lowerThreadPriority();
  feeds = new ThreatFeeds(config, {
    log,
    clock: { now: () => performance.now(), sleep: sleepFor },
    wall: () => Date.now(),
    publish: (message) =>
      send(message, message.index === undefined ? [] : transferablesOf(message.index)),
  });
  await feeds.run(stop.signal);
  send({ type: "stopped" });
}

reportCrashes(self, ({ message, stack }) => send({ type: "crashed", message, stack }));

self.onmessage = ({ data }: MessageEvent<ToThreats>) => {
  switch (data.type) {
    case "start":
      void start(data.config);
      break;
    case "log-level":
      log.level = data.level;
      break;
    case "reload":
      feeds?.reloadFiles();
      break;
    case "resend":
      feeds?.resend();
      break;
    case "stop":
      stop.abort();
      break;
  }
};
