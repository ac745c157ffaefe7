import { formatListenAddress, type ListenAddress } from "../config/listen_address.ts";

/** A certificate with those that lead to its root, and its key, both as PEM text. */
export interface TlsKeyPair {
  readonly cert: string;
  readonly key: string;
}

/** One call of Deno.serve, with what ends it and all its connections. */
interface Serving {
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  readonly abort: AbortController;
}

export interface ListenerOptions {
  readonly handler: Deno.ServeHandler<Deno.NetAddr>;
  readonly tls: TlsKeyPair | undefined;
  /** Hears why nobody can connect for a while. */
  readonly onError: (error: unknown) => void;
}

/** Out of descriptors, say: a loop without a pause would burn the processor. */
const AGAIN_MS = 100;
/** Servers that were replaced: a connection to an older one ends when its answer does. */
const MOST_ENDED = 8;

/**
 * One address that takes connections for Deno.serve. Deno stops to take any when one cannot be accepted,
 * as without a free descriptor; then the address is bound again until that works. Either way the
 * connections that were taken go on.
 */
export class Listener {
  readonly address: Deno.NetAddr;
  readonly #options: ListenerOptions;
  #tls: TlsKeyPair | undefined;
  #serving: Serving;
  /** Those that take no connections any more, but may have some. */
  readonly #ended: Serving[] = [];
  #isClosed = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** @throws {Error} If the address cannot be bound; the message is one line that names it. */
  constructor(address: ListenAddress, options: ListenerOptions) {
    this.#options = options;
    this.#tls = options.tls;
    this.#serving = this.#first(address);
    this.address = this.#serving.server.addr;
    this.#watch(this.#serving);
  }

  /**
   * Serves new connections with another pair, or without TLS; those that are open keep the old one.
   *
   * @param tls A pair that {@linkcode checkTls} found good. The port must be free.
   */
  setTls(tls: TlsKeyPair | undefined): void {
    this.#tls = tls;
    this.#bindAgain();
  }

  /** Frees the address and ends all connections. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#again);
    for (const { abort } of [this.#serving, ...this.#ended]) abort.abort();
    await this.#serving.server.finished.catch(() => {});
    await Promise.all(this.#ended.map(({ server }) => server.shutdown()));
  }

  #first(address: ListenAddress): Serving {
    try {
      if (address.hostname !== "") return this.#serve(address);
      try {
        return this.#serve({ ...address, hostname: "::" });
      } catch (error) {
        // A kernel without IPv6 has no "::"; there every address is 0.0.0.0.
        if (error instanceof Deno.errors.AddrInUse) throw error;
        return this.#serve({ ...address, hostname: "0.0.0.0" });
      }
    } catch (error) {
      throw new Error(`Cannot listen on ${formatListenAddress(address)}: ${reasonOf(error)}`);
    }
  }

  #serve({ hostname, port }: ListenAddress): Serving {
    const abort = new AbortController();
    const options = { hostname, port, signal: abort.signal, onListen: () => {}, ...this.#tls };
    return { server: Deno.serve(options, this.#options.handler), abort };
  }

  #watch(serving: Serving): void {
    serving.server.finished.catch((error) => {
      if (serving !== this.#serving || this.#isClosed) return;
      this.#options.onError(error);
      this.#bindAgain();
    });
  }

  #bindAgain(): void {
    clearTimeout(this.#again);
    if (this.#isClosed) return;
    try {
      const serving = this.#serve(this.address);
      this.#ended.push(this.#serving);
      // Deno keeps something of each until it is told that it is not needed.
      if (this.#ended.length > MOST_ENDED) void this.#ended.shift()?.server.shutdown();
      this.#serving = serving;
      this.#watch(serving);
    } catch (error) {
      this.#options.onError(error);
      this.#again = setTimeout(() => this.#bindAgain(), AGAIN_MS);
    }
  }
}

/**
 * Tries a pair on an address of this machine's own.
 *
 * @throws {Error} If Deno cannot use it.
 */
export function checkTls(tls: TlsKeyPair | undefined): void {
  if (tls) Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...tls }).close();
}

function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/\s*\(os error \d+\)/, "").replace(/\s+/g, " ");
}
