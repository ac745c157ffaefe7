import { formatListenAddress, type ListenAddress } from "../config/listen_address.ts";
import type { KernelView } from "../reading/server_connections.ts";

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
  readonly kernel: KernelView;
  readonly tls: TlsKeyPair | undefined;
  /** Of clients that take nothing; twice of it for those whose connection was closed and the kernel still has bytes for. */
  readonly stallMs: number;
  /** Hears why nobody can connect for a while. */
  readonly onError: (error: unknown) => void;
}

/**
 * One address that takes connections for Deno.serve. Deno gives an address up when it cannot accept a
 * connection, as without a free descriptor, and says so only when those that it took have ended: the
 * kernel tells at once. Connections outlive the listener that took them.
 */
export class Listener {
  readonly address: Deno.NetAddr;
  readonly #options: ListenerOptions;
  #tls: TlsKeyPair | undefined;
  #serving: Serving;
  /** What listens; undefined where it could not be bound again. */
  #fd: number | undefined;
  /** Those that take no connections any more, until they have none. */
  readonly #ended = new Map<Serving, Promise<void>>();

  /** @throws {Error} If the address cannot be bound; the message is one line that names it. */
  constructor(address: ListenAddress, options: ListenerOptions) {
    this.#options = options;
    this.#tls = options.tls;
    const before = this.#listening(address.port);
    this.#serving = this.#first(address);
    this.address = this.#serving.server.addr;
    this.#fd = this.#openedSince(before);
  }

  /** Whether somebody can connect. */
  get isOpen(): boolean {
    return this.#fd !== undefined && this.#listening(this.address.port).includes(this.#fd);
  }

  /**
   * Serves new connections with another pair, or without TLS; those that are open keep the old one.
   *
   * @param tls A pair that {@linkcode checkTls} found good.
   */
  setTls(tls: TlsKeyPair | undefined): void {
    this.#tls = tls;
    // In one turn, so that there is no time in which nobody listens but that of a bind.
    if (this.#fd !== undefined && this.isOpen) this.#options.kernel.endListener(this.#fd);
    this.open();
  }

  /** Binds the address again. Where that fails it is told, and may be tried again. */
  open(): void {
    const before = this.#listening(this.address.port);
    this.#fd = undefined;
    try {
      const serving = this.#serve(this.address);
      this.#fd = this.#openedSince(before);
      this.#retire(this.#serving);
      this.#serving = serving;
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Frees the address and ends all connections. */
  async close(): Promise<void> {
    for (const { abort } of [this.#serving, ...this.#ended.keys()]) abort.abort();
    await Promise.all([this.#serving.server.finished.catch(() => {}), ...this.#ended.values()]);
  }

  /** Other addresses may have the same port. */
  #listening(port: number): readonly number[] {
    return this.#options.kernel.listeners(new Set([port]));
  }

  #openedSince(before: readonly number[]): number | undefined {
    const fd = this.#listening(this.address.port).find((each) => !before.includes(each));
    const { kernel, stallMs } = this.#options;
    if (fd === undefined) return undefined;
    // What has a descriptor is ended before that, and told.
    kernel.limitSilence(fd, 2 * stallMs);
    // Deno does not: the end of a page then waits for the client's acknowledgement, which delays it by 40 ms.
    kernel.sendAtOnce(fd);
    return fd;
  }

  /** Deno keeps something of each until it is told that it is not needed. */
  #retire(serving: Serving): void {
    const over = serving.server.finished.catch(() => {})
      .then(() => serving.server.shutdown())
      .finally(() => this.#ended.delete(serving));
    this.#ended.set(serving, over);
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
    const server = Deno.serve(options, this.#options.handler);
    // That it takes no connections any more is seen otherwise.
    server.finished.catch(() => {});
    return { server, abort };
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
