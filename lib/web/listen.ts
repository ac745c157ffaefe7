import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { formatListenAddress, type ListenAddress } from "../config/listen_address.ts";
import type { Handler } from "./handler.ts";

/** A web server that runs. */
export interface Listening {
  /** What it is bound to; ports that the kernel chose are filled in. */
  readonly addresses: readonly Deno.NetAddr[];
  /**
   * Stops accepting and lets the answers in flight end; what is not done after `deadlineMs` is cut
   * off. Tells whether all ended by themselves.
   */
  shutdown(deadlineMs: number): Promise<boolean>;
}

/** How long a host name may take: a bind must fail within seconds, not when a resolver gives up. */
const LOOKUP_DEADLINE_MS = 3000;

/**
 * Serves on all addresses, or on none.
 *
 * @param options `onError` hears of a request that failed inside; its client gets a 500.
 * @throws {Error} If an address cannot be bound; the message is one line that names it.
 */
export async function listen(
  addresses: readonly ListenAddress[],
  handler: Handler,
  options: { readonly onError: (error: unknown) => void },
): Promise<Listening> {
  const abort = new AbortController();
  const servers: Deno.HttpServer<Deno.NetAddr>[] = [];
  try {
    for (const address of addresses) {
      servers.push(await serve(address, handler, { ...options, abort }));
    }
  } catch (error) {
    abort.abort();
    await Promise.all(servers.map((server) => server.finished));
    throw error;
  }
  return {
    addresses: servers.map((server) => server.addr),
    shutdown: (deadlineMs) => shutdown(servers, { deadlineMs, abort }),
  };
}

async function serve(
  address: ListenAddress,
  handler: Handler,
  options: { readonly onError: (error: unknown) => void; readonly abort: AbortController },
): Promise<Deno.HttpServer<Deno.NetAddr>> {
  const { onError, abort } = options;
  const start = (hostname: string) =>
    Deno.serve({
      hostname,
      port: address.port,
      signal: abort.signal,
      onListen: () => {},
      onError: (error) => {
        onError(error);
        return new Response("Internal server error\n", { status: 500 });
      },
    }, handler);
  try {
    if (address.hostname !== "") return start(await ipOf(address.hostname));
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

async function ipOf(hostname: string): Promise<string> {
  if (isIP(hostname) !== 0) return hostname;
  let timer: number | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error("the name was not resolved in time")),
      LOOKUP_DEADLINE_MS,
    );
  });
  try {
    return (await Promise.race([lookup(hostname), late])).address;
  } finally {
    clearTimeout(timer);
  }
}

async function shutdown(
  servers: readonly Deno.HttpServer[],
  { deadlineMs, abort }: { readonly deadlineMs: number; readonly abort: AbortController },
): Promise<boolean> {
  let inTime = true;
  const timer = setTimeout(() => {
    inTime = false;
    abort.abort();
  }, deadlineMs);
  await Promise.all(servers.map((server) => server.shutdown()));
  await Promise.all(servers.map((server) => server.finished));
  clearTimeout(timer);
  return inTime;
}

function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/\s*\(os error \d+\)/, "").replace(/\s+/g, " ");
}
