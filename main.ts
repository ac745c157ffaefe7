import { BUILD } from "./lib/build_info.ts";
import { CollectorSupervisor } from "./lib/collector_supervisor.ts";
import type { Config } from "./lib/config/config.ts";
import { formatListenAddress } from "./lib/config/listen_address.ts";
import { parseFlags } from "./lib/config/parse_flags.ts";
import { CHECK_LIST, TOP } from "./lib/config/subcommands.ts";
import { UsageError } from "./lib/config/usage_error.ts";
import { reportCrashes } from "./lib/crash.ts";
import { allowManyDescriptors } from "./lib/descriptor_limit.ts";
import { useMemoryFrugally } from "./lib/frugal_memory.ts";
import { historyFrame } from "./lib/live/history_frame.ts";
import { HistoryStore } from "./lib/live/history_store.ts";
import { openLog } from "./lib/log/open_log.ts";
import { OvsThread } from "./lib/ovs_thread.ts";
import { PageStore } from "./lib/page_store.ts";
import { openServiceNotifier } from "./lib/systemd_notify.ts";
import { checkList, parseCheckArguments } from "./lib/threat/check_list.ts";
import { enabledLists } from "./lib/threat/enabled_lists.ts";
import { ThreatFile } from "./lib/threat/threat_file.ts";
import { ThreatThread } from "./lib/threat_thread.ts";
import { runTop } from "./lib/top/run_top.ts";
import { parseTopArguments } from "./lib/top/top_command.ts";
import { startWebServer, type WebServer } from "./lib/web/web_server.ts";

/** Together below the 5 s in which the program ends, whatever clients and libvirt do. */
const SHUTDOWN_DEADLINE_MS = 4_000;

/** Serves until a signal, or until the collecting thread cannot go on; answers the exit code. */
async function serve(config: Config): Promise<number> {
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
  const threats = enabledLists(config).length === 0 ? undefined : new ThreatThread(config, {
    threats: (message) => collector.setThreats(message),
    log: (record) => log.writeForwarded(record),
    died: (error) => {
      log.error("The thread that reads threat lists died", {
        reason: error.message,
        stack: error.stack,
      });
    },
  });
  const ovs = config["ovs.db"] && new OvsThread(config["ovs.db"], config["log.level"], {
    ovs: (state) => collector.setOvs(state),
    log: (record) => log.writeForwarded(record),
    died: (error) => {
      log.error("The thread that follows Open vSwitch's database died", {
        reason: error.message,
        stack: error.stack,
      });
    },
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

/** Does what the command line asks for; answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    if (args[0] === CHECK_LIST.name) {
      const command = parseCheckArguments(args.slice(1));
      const { text, code } = command.action === "help"
        ? { text: command.text, code: 0 }
        : await checkList(command.list);
      console.log(text.trimEnd());
      return code;
    }
    if (args[0] === TOP.name) {
      const command = parseTopArguments(args.slice(1));
      if (command.action === "help") console.log(command.text.trimEnd());
      else await runTop(command.options);
      return 0;
    }
    const command = parseFlags(args);
    switch (command.action) {
      case "help":
        await Deno.stdout.write(new TextEncoder().encode(command.text));
        return 0;
      case "version":
        console.log(
          `openstack_instance_exporter ${BUILD.version} (revision ${BUILD.revision}, ` +
            `Deno ${BUILD.deno}, ${BUILD.arch})`,
        );
        return 0;
      case "run":
        return await serve(command.config);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
