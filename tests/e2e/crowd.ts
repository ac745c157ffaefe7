import { sleepFor } from "../../lib/collection_loop.ts";
import { stalledRequests } from "../web/http2_requests.ts";

/** Connects again no sooner: a test must not measure its own crowd's work. */
const AGAIN_MS = 500;

/** How long a slow reader does not read. */
const STARE_MS = 20_000;
const HOST = "Host: node:9120\r\n";

interface Nuisance {
  readonly sent: string | Uint8Array<ArrayBuffer>;
  /** Whether it reads what comes. */
  readonly reads: boolean;
}

/** What each of them does. */
const REQUESTS = {
  /** A connection on which no request gets whole. */
  halfOpen: { sent: `GET /metrics HTTP/1.1\r\n${HOST}X-Slo`, reads: true },
  /** Asks for the page and leaves it where it is. */
  slowReader: { sent: `GET /metrics HTTP/1.1\r\n${HOST}\r\n`.repeat(50), reads: false },
  /** Asks by HTTP/2 for many pages at once, and takes none. */
  stalledHttp2: { sent: stalledRequests("/metrics", 200), reads: true },
  /** A head larger than any server takes. */
  hugeHead: { sent: `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(600_000)}\r\n\r\n`, reads: true },
  /** A body that never comes. */
  openBody: {
    sent: `POST /debug/log-level?level=debug HTTP/1.1\r\n${HOST}Origin: x\r\n` +
      "Content-Length: 1000000000\r\n\r\n",
    reads: true,
  },
  badMethod: { sent: `BREW /metrics HTTP/1.1\r\n${HOST}\r\n`, reads: true },
  pathTrick: { sent: `GET /../../%2e%2e/etc/passwd HTTP/1.1\r\n${HOST}\r\n`, reads: true },
  noHttp: { sent: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", reads: true },
} as const satisfies Readonly<Record<string, Nuisance>>;

export type NuisanceName = keyof typeof REQUESTS;

/**
 * Clients that do what they can to keep others out; each comes again when its connection has ended,
 * until the crowd is disposed of.
 */
export class Crowd implements AsyncDisposable {
  readonly #end = new AbortController();
  readonly #clients: Promise<void>[] = [];

  constructor(
    address: Deno.ConnectOptions,
    members: Readonly<Partial<Record<NuisanceName, number>>>,
  ) {
    for (const [name, count] of Object.entries(members)) {
      const request = REQUESTS[name as NuisanceName];
      for (let at = 0; at < count; at++) {
        this.#clients.push(annoy(address, request, this.#end.signal));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#clients);
  }
}

async function annoy(
  address: Deno.ConnectOptions,
  { sent, reads }: Nuisance,
  signal: AbortSignal,
): Promise<void> {
  const bytes = typeof sent === "string" ? new TextEncoder().encode(sent) : sent;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve());
  while (!signal.aborted) {
    try {
      using socket = await Deno.connect(address);
      await Promise.race([over, exchange(socket, bytes, { reads, signal })]);
    } catch {
      // Refused or reset: that is what it came for.
    }
    await sleepFor(AGAIN_MS, signal);
  }
}

async function exchange(
  socket: Deno.Conn,
  bytes: Uint8Array,
  { reads, signal }: { readonly reads: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const buffer = new Uint8Array(65_536);
  try {
    for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
    if (!reads) await sleepFor(STARE_MS, signal);
    while (await socket.read(buffer) !== null) { /* until the end */ }
  } catch {
    // The server ended it.
  }
}
