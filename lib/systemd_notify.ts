import { openNotifySocket } from "../ffi/notify_socket.ts";
import type { PageMessage } from "./messages.ts";

/** What the service manager is told, by the protocol of sd_notify(3). */
export interface ServiceNotifier {
  /** Requests are answered from now on. */
  ready(addresses: string): void;
  /** A cycle ended, with this page. */
  cycle(page: Pick<PageMessage, "libvirtUp" | "conntrackUp" | "instances">): void;
  /** The program is about to end. */
  stopping(): void;
}

/** The variables that systemd sets: where to send, the watchdog's period, and whom it watches. */
export const NOTIFY_VARIABLES = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

/** Often enough for any period, and rare enough for a cycle every 200 ms. */
const FEED_EVERY_MS = 1_000;

/**
 * Makes a notifier that says nothing where no service manager asks for it.
 *
 * @param env Values of {@link NOTIFY_VARIABLES}.
 * @throws {RangeError} If the socket's path cannot be one.
 */
export function openServiceNotifier(
  env: (name: typeof NOTIFY_VARIABLES[number]) => string | undefined,
): ServiceNotifier {
  const path = env("NOTIFY_SOCKET");
  if (!path) return serviceNotifier(() => {}, { isWatched: false });
  const pid = env("WATCHDOG_PID");
  const isWatched = env("WATCHDOG_USEC") !== undefined && (!pid || pid === String(Deno.pid));
  const socket = openNotifySocket(path);
  return serviceNotifier((text) => socket.send(text), { isWatched });
}

/**
 * Makes a notifier that gives each message to `send`.
 *
 * @param options `now` is milliseconds of a clock that never steps.
 */
export function serviceNotifier(
  send: (message: string) => void,
  { isWatched, now = () => performance.now() }: {
    readonly isWatched: boolean;
    readonly now?: () => number;
  },
): ServiceNotifier {
  let fedAtMs = -Infinity;
  let told = "";
  let isReady = false;
  return {
    ready(addresses) {
      isReady = true;
      send(`READY=1\nSTATUS=Serving on ${addresses}`);
    },
    cycle(page) {
      const messages: string[] = [];
      const status = statusOf(page);
      if (isReady && status !== told) {
        messages.push(`STATUS=${status}`);
        told = status;
      }
      if (isWatched && now() - fedAtMs >= FEED_EVERY_MS) {
        messages.push("WATCHDOG=1");
        fedAtMs = now();
      }
      if (messages.length > 0) send(messages.join("\n"));
    },
    stopping() {
      send("STOPPING=1\nSTATUS=Ending");
    },
  };
}

function statusOf(
  { libvirtUp, conntrackUp, instances }: Parameters<ServiceNotifier["cycle"]>[0],
): string {
  const word = (isUp: boolean) => isUp ? "up" : "down";
  return `libvirt ${word(libvirtUp)}, conntrack ${word(conntrackUp)}, ${instances} instances`;
}
