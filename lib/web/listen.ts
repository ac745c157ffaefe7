import type { ListenAddress } from "../config/listen_address.ts";
import { openKernelView } from "../reading/server_connections.ts";
import type { Handler } from "./handler.ts";
import { ConnectionGuard } from "./connection_guard.ts";
import type { CutReason } from "./connection.ts";
import { Listener, type TlsKeyPair } from "./listener.ts";
import { resolveHost } from "./resolve_host.ts";
import { textResponse } from "./text_response.ts";
import type { WebLimits } from "./web_limits.ts";

/** A web server that runs. */
export interface Listening {
  /** What it is bound to; ports that the kernel chose are filled in. */
  readonly addresses: readonly Deno.NetAddr[];
  /** Serves new connections with another pair, which {@linkcode checkTls} found good, or without TLS. */
  setTls(tls: TlsKeyPair | undefined): void;
  /**
   * Turns new requests away, lets the answers in flight end, closes; what is not sent after
   * `deadlineMs` is cut off. Tells whether all was sent.
   */
  shutdown(deadlineMs: number): Promise<boolean>;
}

/** Decides who is let in: undefined goes on to the handler, a response goes back instead. */
export type Access = (
  request: Request,
  remoteAddr: Deno.NetAddr,
) => Response | undefined | Promise<Response | undefined>;

export interface ListenOptions {
  readonly limits: WebLimits;
  readonly tls?: TlsKeyPair | undefined;
  readonly access?: () => Access | undefined;
  /** Headers of every answer, by name; they replace the answer's own. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** Hears of a request that failed inside; its client gets a 500. */
  readonly onError: (error: unknown) => void;
  /** Hears why an address takes no connections; it is bound again until that works. */
  readonly onClosed: (error: unknown) => void;
  /** Hears of each connection that was ended for taking too much. */
  readonly onCut: (reason: CutReason) => void;
}

const LOOK_EVERY_MS = 250;
/** The end is waited for. */
const LAST_LOOKS_MS = 10;

/**
 * Serves on all addresses, or on none.
 *
 * @throws {Error} If an address cannot be bound; the message is one line that names it.
 */
export async function listen(
  addresses: readonly ListenAddress[],
  handler: Handler,
  options: ListenOptions,
): Promise<Listening> {
  const { limits, onCut, onClosed } = options;
  const resolved = await Promise.all(addresses.map((address) => resolveHost(address)));
  const listeners: Listener[] = [];
  const ports = () => new Set(listeners.map(({ address }) => address.port));
  const kernel = openKernelView();
  const guard = new ConnectionGuard({ limits, kernel, ports, onCut });
  let isClosing = false;
  const serve = guarded(
    guard,
    (request, info) => isClosing ? refusal("Shutting down") : handler(request, info),
    options,
  );
  const close = async () => {
    clearInterval(timer);
    await Promise.all(listeners.map((listener) => listener.close()));
    kernel[Symbol.dispose]();
  };
  const timer = setInterval(() => {
    guard.look();
    const lost = listeners.filter((listener) => !listener.isOpen);
    if (lost.length === 0) return;
    onClosed(new Error("A connection could not be accepted, as without a free descriptor"));
    guard.makeWay();
    for (const listener of lost) listener.open();
  }, LOOK_EVERY_MS);
  try {
    for (const address of resolved) {
      const { tls } = options;
      const { stallMs } = limits;
      listeners.push(
        new Listener(address, { handler: serve, kernel, tls, stallMs, onError: onClosed }),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  const end = async (deadlineMs: number) => {
    isClosing = true;
    const allSent = await drain(guard, deadlineMs);
    await close();
    return allSent;
  };
  let closed: Promise<boolean> | undefined;
  return {
    addresses: listeners.map((listener) => listener.address),
    setTls(tls) {
      for (const listener of listeners) listener.setTls(tls);
    },
    shutdown: (deadlineMs) => closed ??= end(deadlineMs),
  };
}

/** Puts the guard, the door-keeper and the operator's headers around the handler. */
function guarded(
  guard: ConnectionGuard,
  handler: Handler,
  { access, headers, onError }: ListenOptions,
): Deno.ServeHandler<Deno.NetAddr> {
  const answer = (request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Response =>
    guard.hasRoom(info.remoteAddr)
      ? handler(request, info)
      : refusal("Service unavailable: too many requests");
  return async (request, info) => {
    const progress = guard.begin(info.remoteAddr);
    // It is rejected also for bodies of which the server knows the end before their stream tells it.
    info.completed.then(progress.handedOver, progress.handedOver);
    let response: Response;
    try {
      response = await access?.()?.(request, info.remoteAddr) ?? answer(request, info);
    } catch (error) {
      onError(error);
      response = textResponse(500, "Internal server error");
    }
    for (const [name, value] of Object.entries(headers?.() ?? {})) {
      response.headers.set(name, value);
    }
    if (!guard.mayKeep) response.headers.set("connection", "close");
    progress.answered(bodyBytes(request, response), response.headers.get("connection") === "close");
    return response;
  };
}

function refusal(line: string): Response {
  return textResponse(503, line, { "connection": "close", "retry-after": "5" });
}

/** By the header: to ask a response for its body makes it a stream. */
function bodyBytes({ method }: Request, { status, headers }: Response): number {
  const hasBody = method !== "HEAD" && status !== 204 && status !== 304;
  return hasBody ? Number(headers.get("content-length") ?? 0) : 0;
}

/** Waits until clients have taken all that was answered, or for `deadlineMs`. */
async function drain(guard: ConnectionGuard, deadlineMs: number): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  do {
    if (performance.now() >= end) return false;
    // What was answered in this turn has not reached the kernel.
    await new Promise((resolve) => setTimeout(resolve, LAST_LOOKS_MS));
  } while (guard.isBusy());
  return true;
}
