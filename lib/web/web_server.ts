import type { Config } from "../config/config.ts";
import type { Logger } from "../log/logger.ts";
import { TroubleLog } from "../log/trouble_log.ts";
import { basicAuth } from "./basic_auth.ts";
import { BcryptThread } from "./bcrypt_thread.ts";
import { createHandler, type HandlerOptions } from "./handler.ts";
import { type Access, listen, type Listening } from "./listen.ts";
import { PasswordQueue } from "./password_queue.ts";
import type { LoadedWebConfig } from "./web_config_file.ts";
import { DEFAULT_LIMITS } from "./web_limits.ts";

export interface WebServerOptions
  extends Omit<HandlerOptions, "telemetryPath" | "hasLivePage" | "isAuthenticated"> {
  readonly logger: Logger;
  /** How often the web config and its files are looked at, in milliseconds. */
  readonly lookEveryMs?: number;
}

/** The web server with what -web.config.file adds to it. */
export interface WebServer extends Pick<Listening, "addresses" | "shutdown"> {
  /** Looks at the web config now; what is wrong there is logged, and the old one stays. */
  reload(): Promise<void>;
}

/** A certificate that was renewed is in use within seconds; reading three small files is nothing. */
const LOOK_EVERY_MS = 5_000;
/** What has not come again for so long is over. */
const OVER_AFTER_MS = 60_000;
const NO_CONFIG: LoadedWebConfig = {
  tls: undefined,
  headers: {},
  users: new Map(),
  fingerprint: "",
};
const TROUBLE = {
  config: "Web config cannot be used, the one before stays",
  request: "A request failed",
  cut: "Connections are ended",
  closed: "An address takes no connections",
} as const;

/**
 * Serves by the program's flags. The web config, its certificate and its key are read again when
 * they have changed.
 *
 * @throws {Error} If the web config cannot be used or an address cannot be bound; one line.
 */
export async function startWebServer(
  config: Config,
  { logger, lookEveryMs = LOOK_EVERY_MS, ...handlerOptions }: WebServerOptions,
): Promise<WebServer> {
  const path = config["web.config.file"];
  const nowMs = () => performance.now();
  const troubles = new TroubleLog(logger, { nowMs });
  using bound = new DisposableStack();
  const bcrypt = bound.use(new BcryptThread());
  const queue = bound.use(new PasswordQueue((password, hash) => bcrypt.verify(password, hash)));
  let active = path === "" ? NO_CONFIG : await loadWebConfig(path);
  let access = accessOf(active, queue);
  const handler = createHandler({
    ...handlerOptions,
    telemetryPath: config["web.telemetry-path"],
    hasLivePage: config["web.ui.enable"],
    isAuthenticated: () => access !== undefined,
  });
  const failed = (error: unknown) => ({ fields: { reason: String(error) } });
  const server = await listen(config["web.listen-address"], handler, {
    limits: {
      ...DEFAULT_LIMITS,
      maxConnections: config["web.max-connections"],
      maxRequests: config["web.max-requests"],
    },
    tls: active.tls,
    access: () => access,
    headers: () => active.headers,
    onError: (error) => troubles.report(TROUBLE.request, failed(error)),
    onClosed: (error) => troubles.report(TROUBLE.closed, failed(error)),
    onCut: (reason) => {
      // Clients that have done nothing wrong.
      if (reason !== "idle") troubles.report(TROUBLE.cut, { subject: reason });
    },
  });

  const look = async () => {
    if (path === "") return;
    try {
      const next = await loadWebConfig(path);
      troubles.end(TROUBLE.config);
      if (next.fingerprint === active.fingerprint) return;
      const isNewTls = JSON.stringify(next.tls) !== JSON.stringify(active.tls);
      active = next;
      access = accessOf(next, queue);
      if (isNewTls) server.setTls(next.tls);
      logger.notice("Web config was read again", { path });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      troubles.report(TROUBLE.config, { fields: { reason } });
    }
  };
  // One look at a time: two could finish in the wrong order.
  let looking = Promise.resolve();
  const reload = () => looking = looking.then(look);
  const timer = setInterval(() => {
    troubles.endUnseen(nowMs() - OVER_AFTER_MS);
    void reload();
  }, lookEveryMs);
  const threads = bound.move();
  return {
    addresses: server.addresses,
    reload,
    async shutdown(deadlineMs) {
      clearInterval(timer);
      await looking;
      const allSent = await server.shutdown(deadlineMs);
      threads.dispose();
      return allSent;
    },
  };
}

/** Loads what reads YAML too, which who has no such file need not keep. */
async function loadWebConfig(path: string): Promise<LoadedWebConfig> {
  const file = await import("./web_config_file.ts");
  return await file.loadWebConfig(path);
}

function accessOf({ users }: LoadedWebConfig, queue: PasswordQueue): Access | undefined {
  return users.size === 0 ? undefined : basicAuth(users, queue);
}
