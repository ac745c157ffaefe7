import { BUILD } from "./build_info.ts";
import { CollectorSupervisor } from "./collector_supervisor.ts";
import type { Config } from "./config/config.ts";
import { formatListenAddress } from "./config/listen_address.ts";
import { reportCrashes } from "./crash.ts";
import { allowManyDescriptors } from "./descriptor_limit.ts";
import { useMemoryFrugally } from "./frugal_memory.ts";
import { historyFrame } from "./live/history_frame.ts";
import { HistoryStore } from "./live/history_store.ts";
import { openLog } from "./log/open_log.ts";
import { OvsThread } from "./ovs_thread.ts";
import { PageStore } from "./page_store.ts";
import { openServiceNotifier } from "./systemd_notify.ts";
import { enabledLists } from "./threat/enabled_lists.ts";
import { ThreatFile } from "./threat/threat_file.ts";
import { ThreatThread } from "./threat_thread.ts";
import { startWebServer, type WebServer } from "./web/web_server.ts";

/** Together below the 5 s in which the program ends, whatever clients and libvirt do. */
const SHUTDOWN_DEADLINE_MS = 4_000;

/** Serves until a signal, or until the collecting thread cannot go on; answers the exit code. */
export async function serve(config: Config): Promise<number> {
  useMemoryFrugally();
  allowManyDescriptors();
  const log = openLog({
    level: config["log.level"],
    format: config["log.format"],
    file: config["log.file.enable"] ? config["log.file.path"] : undefined,
  });
  const threatFile = config["threatfile.enable"]
    ? new ThreatFile(config["threatfile.path"], log)
    : undefined;
  let server: WebServer | undefined;
  const ended = Promise.withResolvers<number>();
  const end = (signal: Deno.Signal) => {
    log.notice("Shutting down", { signal });
    ended.resolve(0);
  };
  Deno.addSignalListener("SIGTERM", () => end("SIGTERM"));
  Deno.addSignalListener("SIGINT", () => end("SIGINT"));
  Deno.addSignalListener("SIGHUP", () => {
    log.reopen();
    threatFile?.reopen();
    threats?.reload();
    void server?.reload();
  });

  reportCrashes(globalThis, (error) => {
    log.error("The program failed", { reason: error.message, stack: error.stack });
    ended.resolve(1);
  });
  const notifier = openServiceNotifier((name) => Deno.env.get(name));

  const clock = {
    now: () => performance.now(),
    wall: () => Date.now(),
    later: (action: () => void, afterMs: number) => Deno.unrefTimer(setTimeout(action, afterMs)),
  };
  // OpenMetrics has no word for a counter without _total, as the specification has them.
  const pages = config["metrics.names"] === "prometheus"
    ? new PageStore(BUILD, clock, (forMs) => collector.wantOpenMetrics(forMs))
    : new PageStore(BUILD, clock);
  const frame = historyFrame({
    historyMs: config["web.history"],
    intervalMs: config["collection.interval"],
  });
  const histories = frame && new HistoryStore(frame);
  const firstPage = Promise.withResolvers<void>();
  const collector = new CollectorSupervisor(config, {
    logger: log,
    page: (page) => {
      pages.put(page);
      if (page.history) histories?.put(page.history);
      firstPage.resolve();
    },
    cycled: (page) => notifier.cycle(page),
    replaced: () => threats?.resend(),
    log: (record) => log.writeForwarded(record),
    contacts: (lines) => threatFile?.write(lines),
  });
  collector.failed.then((error) => {
    const stack = error.cause instanceof Error ? error.cause.stack : undefined;
    log.error("The program cannot go on", { reason: error.message, stack });
    ended.resolve(1);
  });
  const died = (task: string) => ({ message, stack }: Error) =>
    log.error(`The thread that ${task} died`, { reason: message, stack });
  const threats = enabledLists(config).length === 0 ? undefined : new ThreatThread(config, {
    threats: (message) => collector.setThreats(message),
    log: (record) => log.writeForwarded(record),
    died: died("reads threat lists"),
  });
  const ovs = config["ovs.db"] && new OvsThread(config["ovs.db"], config["log.level"], {
    ovs: (state) => collector.setOvs(state),
    log: (record) => log.writeForwarded(record),
    died: died("follows Open vSwitch's database"),
  });
  // It comes before libvirt is asked anything, so that a bind that fails is told at once too.
  await Promise.race([firstPage.promise, ended.promise]);

  try {
    server = await startWebServer(config, {
      pages,
      histories,
      logger: log,
      logLevel: {
        get: () => log.level,
        set: (level) => {
          log.level = level;
          collector.setLogLevel(level);
          threats?.setLogLevel(level);
          ovs?.setLogLevel(level);
        },
      },
    });
    const addresses = server.addresses.map(formatListenAddress).join(",");
    log.notice("Serving", { addresses, path: config["web.telemetry-path"], ...BUILD });
    notifier.ready(addresses);
    const code = await ended.promise;
    notifier.stopping();
    return code;
  } finally {
    // After a failed start too: a process that ends while a thread is in libvirt's code can crash.
    await Promise.all([
      server?.shutdown(SHUTDOWN_DEADLINE_MS),
      collector.stop(SHUTDOWN_DEADLINE_MS),
      threats?.stop(SHUTDOWN_DEADLINE_MS),
      ovs?.stop(SHUTDOWN_DEADLINE_MS),
    ]);
    await threatFile?.close();
    await log.close();
  }
}
