import { formatListenAddress, type ListenAddress } from "../config/listen_address.ts";
import type { Handler } from "./handler.ts";
import { hasPendingBytes } from "./pending_bytes.ts";

/** A web server that runs. */
export interface Listening {
  /** What it is bound to; ports that the kernel chose are filled in. */
  readonly addresses: readonly Deno.NetAddr[];
  /**
   * Turns new requests away, lets the answers in flight end, closes; what is not sent after
   * `deadlineMs` is cut off. Tells whether all was sent.
   */
  shutdown(deadlineMs: number): Promise<boolean>;
}

/** Text of a file below /proc, undefined where it cannot be read. Must not throw. */
type ReadKernelFile = (path: string) => string | undefined;

export interface ListenOptions {
  /** Hears of a request that failed inside; its client gets a 500. */
  readonly onError: (error: unknown) => void;
  /** Tells what is still being sent at the end; without it the end does not wait for slow clients. */
  readonly readKernelFile?: ReadKernelFile;
}

const LOOK_EVERY_MS = 10;

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
  const { onError, readKernelFile = () => undefined } = options;
  let isClosing = false;
  const open = refuseWhile(() => isClosing, handler);
  const abort = new AbortController();
  const servers: Deno.HttpServer<Deno.NetAddr>[] = [];
  try {
    for (const address of addresses) {
      servers.push(serve(address, open, { onError, signal: abort.signal }));
    }
  } catch (error) {
    abort.abort();
    await Promise.all(servers.map((server) => server.finished));
    throw error;
  }
  const close = async (deadlineMs: number) => {
    isClosing = true;
    const ports = new Set(servers.map((server) => server.addr.port));
    const allSent = await drain(ports, { deadlineMs, readKernelFile });
    abort.abort();
    await Promise.all(servers.map((server) => server.finished));
    return allSent;
  };
  let closed: Promise<boolean> | undefined;
  return {
    addresses: servers.map((server) => server.addr),
    shutdown: (deadlineMs) => closed ??= close(deadlineMs),
  };
}

function serve(
  address: ListenAddress,
  handler: Handler,
  { onError, signal }: {
    readonly onError: (error: unknown) => void;
    readonly signal: AbortSignal;
  },
): Deno.HttpServer<Deno.NetAddr> {
  const start = (hostname: string) =>
    Deno.serve({
      hostname,
      port: address.port,
      signal,
      onListen: () => {},
      onError: (error) => {
        onError(error);
        return new Response("Internal server error\n", { status: 500 });
      },
    }, handler);
  try {
    if (address.hostname !== "") return start(address.hostname);
    try {
      return start("::");
    } catch (error) {
      // A kernel without IPv6 has no "::"; there every address is 0.0.0.0.
      if (error instanceof Deno.errors.AddrInUse) throw error;
      return start("0.0.0.0");
    }
  } catch (error) {
    throw new Error(`Cannot listen on ${formatListenAddress(address)}: ${reasonOf(error)}`);
  }
}

/**
 * Waits until everything that was answered has been sent, or for `deadlineMs`. Deno.serve calls an
 * answer complete when the body is handed over, and its own shutdown cuts off what has not been
 * sent, so the kernel is asked: twice, since its queue may be empty between two writes.
 */
async function drain(
  ports: ReadonlySet<number>,
  { deadlineMs, readKernelFile }: {
    readonly deadlineMs: number;
    readonly readKernelFile: ReadKernelFile;
  },
): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  let quietLooks = 0;
  while (quietLooks < 2 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    quietLooks = isSending(ports, readKernelFile) ? 0 : quietLooks + 1;
  }
  return quietLooks === 2;
}

function isSending(ports: ReadonlySet<number>, readKernelFile: ReadKernelFile): boolean {
  // A kernel without IPv6 has no tcp6.
  return ["/proc/net/tcp", "/proc/net/tcp6"].some((path) =>
    hasPendingBytes(readKernelFile(path) ?? "", ports)
  );
}

/** While the server shuts down, new requests are turned away and connections are not kept. */
function refuseWhile(isClosing: () => boolean, handler: Handler): Handler {
  return (request, info) =>
    isClosing()
      ? new Response("Shutting down\n", { status: 503, headers: { connection: "close" } })
      : handler(request, info);
}

function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/\s*\(os error \d+\)/, "").replace(/\s+/g, " ");
}
