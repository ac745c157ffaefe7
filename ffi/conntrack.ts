import { Errno, type Libc, LibcError } from "./libc.ts";

/**
 * libnetfilter_conntrack, as far as reading goes: a table that cannot create, change or delete an
 * entry, since nothing that does is bound.
 */
const symbols = {
  // struct nfct_handle *nfct_open(uint8_t subsys_id, unsigned subscriptions);
  nfct_open: { parameters: ["u8", "u32"], result: "pointer" },
  // int nfct_fd(struct nfct_handle *cth);
  nfct_fd: { parameters: ["pointer"], result: "i32" },
  // int nfct_send(struct nfct_handle *h, const enum nf_conntrack_query query, const void *data);
  nfct_send: { parameters: ["pointer", "u32", "buffer"], result: "i32" },
  // int nfct_close(struct nfct_handle *cth);
  nfct_close: { parameters: ["pointer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const LIBRARY = "libnetfilter_conntrack.so.3";
/** Subsystem id CONNTRACK: `NFNL_SUBSYS_CTNETLINK`. */
const CONNTRACK = 1;
const NFCT_Q_DUMP = 5;
/** The data of NFCT_Q_DUMP is a `uint32_t` address family; AF_UNSPEC walks the table once for all. */
const AF_UNSPEC = 0;

/** Room for one datagram: twice what the kernel puts into one of a dump. */
const DATAGRAM_BYTES = 64 * 1024;

const RECEIVE_TIMEOUT_MS = 5_000;
const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;

/** The conntrack table could not be opened or read; `errno` is 0 where no system call failed. */
export class ConntrackError extends Error {
  override readonly name = "ConntrackError";

  constructor(message: string, readonly errno: number) {
    super(message);
  }
}

/** One netlink socket that reads the conntrack table of the calling thread's network namespace. */
export class ConntrackSocket implements Disposable {
  readonly #libc: Libc;
  readonly #library: Deno.DynamicLibrary<typeof symbols>;
  readonly #handle: Deno.PointerObject;
  readonly #fd: number;
  /** The socket's netlink port id: the kernel writes it into each message of an answer. */
  readonly portId: number;

  /** Takes over the library and the handle: closes both when it is disposed of, or at once if it throws. */
  constructor(
    libc: Libc,
    library: Deno.DynamicLibrary<typeof symbols>,
    handle: Deno.PointerObject,
  ) {
    this.#libc = libc;
    this.#library = library;
    this.#handle = handle;
    try {
      this.#fd = library.symbols.nfct_fd(handle);
      this.portId = libc.netlinkPortId(this.#fd);
      libc.setReceiveTimeout(this.#fd, RECEIVE_TIMEOUT_MS);
      this.#growReceiveBuffer();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Asks the kernel for the whole table and receives datagram after datagram into `buffer`, which no
   * call keeps: as many as fit at once, since turning to the decoder after each of them costs the
   * kernel its caches. A dump that ended with an error leaves the rest of the answer in the socket:
   * dispose of it then.
   *
   * @param onDatagram takes length and place in the buffer of each; its answer true ends the dump.
   * @throws {ConntrackError} If the kernel or the socket fails, or does not answer within 5 s.
   */
  dump(
    buffer: Uint8Array<ArrayBuffer>,
    onDatagram: (length: number, start: number) => boolean,
  ): void {
    const family = new Uint8Array(new Uint32Array([AF_UNSPEC]).buffer);
    if (this.#library.symbols.nfct_send(this.#handle, NFCT_Q_DUMP, family) < 0) {
      const errno = this.#libc.errno;
      throw new ConntrackError(
        `Cannot ask for the conntrack table: ${this.#libc.errnoText(errno)}`,
        errno,
      );
    }
    const places = splitBuffer(buffer);
    const lengths: number[] = [];
    while (true) {
      lengths.length = 0;
      for (const place of places) {
        const length = this.#receive(place, lengths.length === 0);
        if (length === undefined) break;
        lengths.push(length);
      }
      if (lengths.some((length, place) => onDatagram(length, place * DATAGRAM_BYTES))) return;
    }
  }

  [Symbol.dispose](): void {
    this.#library.symbols.nfct_close(this.#handle);
    this.#library.close();
  }

  #receive(buffer: Uint8Array<ArrayBuffer>, wait: boolean): number | undefined {
    const length = receive(this.#libc, this.#fd, buffer, wait);
    if (length === undefined) return undefined;
    if (length > buffer.length) {
      throw new ConntrackError(
        `Cannot read the conntrack table: a datagram has ${length} bytes, the buffer ${buffer.length}`,
        0,
      );
    }
    if (this.#libc.senderPortId !== 0) {
      const sender = this.#libc.senderPortId;
      throw new ConntrackError(
        `Cannot read the conntrack table: port ${sender} answered in place of the kernel`,
        0,
      );
    }
    return length;
  }

  #growReceiveBuffer(): void {
    try {
      this.#libc.forceReceiveBuffer(this.#fd, RECEIVE_BUFFER_BYTES);
    } catch (error) {
      // Without CAP_NET_ADMIN the dump itself is refused too, and says so better.
      if (!(error instanceof LibcError) || error.errno !== Errno.EPERM) throw error;
    }
  }
}

function splitBuffer(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const count = Math.max(1, Math.floor(buffer.length / DATAGRAM_BYTES));
  return Array.from(
    { length: count },
    (_, place) => buffer.subarray(place * DATAGRAM_BYTES, (place + 1) * DATAGRAM_BYTES),
  );
}

function receive(
  libc: Libc,
  fd: number,
  buffer: Uint8Array<ArrayBuffer>,
  wait: boolean,
): number | undefined {
  try {
    return libc.receiveDatagram(fd, buffer, wait);
  } catch (error) {
    if (!(error instanceof LibcError)) throw error;
    const reason = error.errno === Errno.EAGAIN
      ? `no answer within ${RECEIVE_TIMEOUT_MS / 1000} s`
      : libc.errnoText(error.errno);
    throw new ConntrackError(`Cannot read the conntrack table: ${reason}`, error.errno);
  }
}

/**
 * Opens a fresh socket to the conntrack table. The caller disposes of it; `libc` must outlive it.
 *
 * @throws {ConntrackError} If the library is missing, or the kernel gives no such socket.
 */
export function openConntrackSocket(libc: Libc): ConntrackSocket {
  const library = openLibrary();
  const handle = library.symbols.nfct_open(CONNTRACK, 0);
  if (handle === null) {
    const errno = libc.errno;
    library.close();
    throw new ConntrackError(
      `Cannot open a conntrack socket: ${libc.errnoText(errno)}; needed are the kernel's module ` +
        "nf_conntrack_netlink and CAP_NET_ADMIN",
      errno,
    );
  }
  return new ConntrackSocket(libc, library, handle);
}

function openLibrary(): Deno.DynamicLibrary<typeof symbols> {
  try {
    return Deno.dlopen(LIBRARY, symbols);
  } catch (error) {
    throw new ConntrackError(
      `Cannot load ${LIBRARY}: ${error instanceof Error ? error.message : error}; ` +
        "install the package libnetfilter-conntrack3 and permit FFI for it",
      0,
    );
  }
}
