/** How long the end of a connection may take to be noticed here, on a busy machine. */
const END_SEEN_MS = 5_000;

/** A libvirt in front of libvirtd, whose answers a test can stop in the middle. */
export class LibvirtProxy implements AsyncDisposable {
  readonly #folder: string;
  readonly #target: string;
  readonly #listener: Deno.UnixListener;
  readonly #connections = new Set<Deno.UnixConn>();
  readonly #serving: Promise<void>;
  #frozen = new Set<Deno.UnixConn>();
  #bytesLeft = Infinity;
  #mostOpen = 0;

  private constructor(folder: string, target: string) {
    this.#folder = folder;
    this.#target = target;
    this.#listener = Deno.listen({ transport: "unix", path: this.socket });
    Deno.chmodSync(this.socket, 0o777);
    this.#serving = this.#serve();
  }

  /** @param target Path of libvirtd's socket. */
  static async start(target: string): Promise<LibvirtProxy> {
    const folder = await Deno.makeTempDir({ prefix: "oie-proxy-" });
    await Deno.chmod(folder, 0o755);
    return new LibvirtProxy(folder, target);
  }

  get socket(): string {
    return `${this.#folder}/libvirt-sock-ro`;
  }

  get uri(): string {
    return `qemu+unix:///system?socket=${this.socket}`;
  }

  /** The most connections of clients that were open at once, but for those whose end is only just coming. */
  get mostOpen(): number {
    return this.#mostOpen;
  }

  /** Whether an answer was stopped in the middle. */
  get isFrozen(): boolean {
    return this.#frozen.size > 0;
  }

  /** Lets `bytes` more of answers through; the connection that is being answered then hears no more. */
  freezeAfter(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
    await this.#serving;
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #serve(): Promise<void> {
    const ends: Promise<void>[] = [];
    for await (const client of this.#listener) ends.push(this.#join(client));
    await Promise.all(ends);
  }

  async #join(client: Deno.UnixConn): Promise<void> {
    const before = [...this.#connections];
    this.#connections.add(client);
    const counted = this.#count(before);
    try {
      const daemon = await Deno.connect({ transport: "unix", path: this.#target });
      const both = () => {
        close(client);
        close(daemon);
      };
      await Promise.all([
        pump(client, daemon, (chunk) => chunk).finally(both),
        pump(daemon, client, (chunk) => this.#pass(client, chunk)).finally(both),
      ]);
    } catch {
      // Without a daemon, or after its end, the client sees the end of its connection.
      close(client);
    } finally {
      this.#connections.delete(client);
      this.#frozen.delete(client);
      await counted;
    }
  }

  /** Counts a new connection together with those before it that do not end. */
  async #count(before: readonly Deno.UnixConn[]): Promise<void> {
    const open = () => before.filter((each) => this.#connections.has(each)).length;
    for (const end = performance.now() + END_SEEN_MS; open() > 0 && performance.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.#mostOpen = Math.max(this.#mostOpen, open() + 1);
  }

  #pass(client: Deno.UnixConn, chunk: Uint8Array): Uint8Array {
    if (this.#frozen.has(client)) return new Uint8Array();
    const passed = chunk.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= passed.length;
    if (passed.length < chunk.length) {
      this.#frozen.add(client);
      this.#bytesLeft = Infinity;
    }
    return passed;
  }
}

async function pump(
  from: Deno.UnixConn,
  to: Deno.UnixConn,
  pass: (chunk: Uint8Array) => Uint8Array,
): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let count; (count = await from.read(buffer)) !== null;) {
    const chunk = pass(buffer.subarray(0, count));
    for (let at = 0; at < chunk.length;) at += await to.write(chunk.subarray(at));
  }
}

function close(connection: Deno.UnixConn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
