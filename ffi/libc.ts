import { KernelFiles, kernelFileSymbols } from "./kernel_files.ts";

/** The few C library calls the program makes itself. All are synchronous. */
const symbols = {
  // int *__errno_location(void);
  __errno_location: { parameters: [], result: "pointer" },
  // char *strerror(int errnum);
  strerror: { parameters: ["i32"], result: "pointer" },
  // int mallopt(int param, int value);
  mallopt: { parameters: ["i32", "i32"], result: "i32" },
  // int malloc_trim(size_t pad);
  malloc_trim: { parameters: ["usize"], result: "i32" },
  ...kernelFileSymbols,
  // ssize_t recvfrom(int sockfd, void *buf, size_t len, int flags, struct sockaddr *src, socklen_t *addrlen);
  recvfrom: {
    parameters: ["i32", "buffer", "usize", "i32", "buffer", "buffer"],
    result: "isize",
  },
  // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  // int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen);
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen);
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int shutdown(int sockfd, int how);
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** Error numbers that callers tell apart; the same on every architecture of Linux but Alpha, MIPS and SPARC. */
export const Errno = { EPERM: 1, EINTR: 4, EAGAIN: 11, ENOBUFS: 105 } as const;

const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const SO_RCVBUFFORCE = 33;
const SHUT_RDWR = 2;
/** As a flag of recvfrom: return the datagram's whole length even where the buffer is shorter. */
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;

const AF_UNIX = 1;
const AF_NETLINK = 16;
/** `struct sockaddr_nl {u16 family, u16 pad, u32 pid, u32 groups}`. */
const SOCKADDR_NL_SIZE = 12;
/** `struct sockaddr_un {u16 family, char path[108]}`. */
const SOCKADDR_UN_SIZE = 110;

/** Parameter of mallopt(3). */
const M_ARENA_MAX = -8;

/** A C library call that failed. */
export class LibcError extends Error {
  override readonly name = "LibcError";

  constructor(message: string, readonly errno: number) {
    super(message);
  }
}

/**
 * The C library, opened for the thread that calls {@link openLibc}: `errno` belongs to a thread, so
 * an instance must not be used from another one. Close it with `using` or {@link Symbol.dispose}.
 */
export class Libc implements Disposable {
  readonly #library;
  readonly #errno: Int32Array;
  /** Files of the kernel; closed with this. */
  readonly kernelFiles: KernelFiles;
  readonly #sender = new DataView(new ArrayBuffer(SOCKADDR_NL_SIZE));
  readonly #senderBytes = new Uint8Array(this.#sender.buffer);
  readonly #senderLength = new Uint32Array(1);

  constructor(library: Deno.DynamicLibrary<typeof symbols>) {
    this.#library = library;
    const location = library.symbols.__errno_location();
    if (location === null) throw new TypeError("Cannot find errno: the C library gave no address");
    this.#errno = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(location, 4));
    this.kernelFiles = new KernelFiles(library.symbols, () => this.errno);
  }

  /** Error number of the newest call that failed on this thread. */
  get errno(): number {
    return this.#errno[0] ?? 0;
  }

  /** Text of an error number with the number, such as `Operation not permitted (errno 1)`. */
  errnoText(errno: number): string {
    const text = this.#library.symbols.strerror(errno);
    const known = text === null ? "Unknown error" : Deno.UnsafePointerView.getCString(text);
    return `${known} (errno ${errno})`;
  }

  /** Lets malloc keep at most so many arenas for all threads of the process together. */
  limitArenas(arenas: number): void {
    this.#library.symbols.mallopt(M_ARENA_MAX, arenas);
  }

  /** Gives the kernel back what malloc holds of freed memory, in all arenas of the process. */
  trimMemory(): void {
    this.#library.symbols.malloc_trim(0n);
  }

  /** Limits how long a receive on the socket may wait. @throws {LibcError} If the kernel refuses. */
  setReceiveTimeout(fd: number, timeoutMs: number): void {
    // struct timeval {long tv_sec; long tv_usec} on 64-bit machines.
    const timeval = new BigInt64Array([
      BigInt(Math.floor(timeoutMs / 1000)),
      BigInt(Math.round((timeoutMs % 1000) * 1000)),
    ]);
    const { setsockopt } = this.#library.symbols;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, new Uint8Array(timeval.buffer), 16) < 0) {
      this.#fail("Cannot set the socket's receive timeout");
    }
  }

  /**
   * Sets the socket's receive buffer, past the system's limit `rmem_max`.
   *
   * @throws {LibcError} If the kernel refuses, as without CAP_NET_ADMIN.
   */
  forceReceiveBuffer(fd: number, bytes: number): void {
    const value = new Uint8Array(new Int32Array([bytes]).buffer);
    if (this.#library.symbols.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value, 4) < 0) {
      this.#fail("Cannot set the socket's receive buffer");
    }
  }

  /**
   * Receives one datagram of a netlink socket into the buffer and, with `wait`, waits for it as long
   * as the socket's receive timeout allows; a call that a signal interrupted is made again.
   *
   * @returns the datagram's length, which is larger than the buffer where it did not fit; undefined
   * where there is none and `wait` is false.
   * @throws {LibcError} If nothing could be received; EAGAIN is the timeout.
   */
  receiveDatagram(
    fd: number,
    buffer: Uint8Array<ArrayBuffer>,
    wait: boolean,
  ): number | undefined {
    const { recvfrom } = this.#library.symbols;
    const size = BigInt(buffer.length);
    const flags = wait ? MSG_TRUNC : MSG_TRUNC | MSG_DONTWAIT;
    while (true) {
      this.#senderLength[0] = SOCKADDR_NL_SIZE;
      const sender = this.#senderBytes;
      const length = Number(recvfrom(fd, buffer, size, flags, sender, this.#lengthBytes));
      if (length >= 0) return length;
      if (!wait && this.errno === Errno.EAGAIN) return undefined;
      if (this.errno !== Errno.EINTR) this.#fail("Cannot receive from the socket");
    }
  }

  /** Netlink port id of the newest datagram's sender: 0 is the kernel. */
  get senderPortId(): number {
    return this.#sender.getUint32(4, littleEndian);
  }

  /** The port id that the kernel gave a netlink socket. @throws {LibcError} If it is no such socket. */
  netlinkPortId(fd: number): number {
    const address = new DataView(new ArrayBuffer(SOCKADDR_NL_SIZE));
    const length = new Uint8Array(new Uint32Array([SOCKADDR_NL_SIZE]).buffer);
    const { getsockname } = this.#library.symbols;
    if (getsockname(fd, new Uint8Array(address.buffer), length) < 0) {
      this.#fail("Cannot read the socket's port id");
    }
    const family = address.getUint16(0, littleEndian);
    if (family !== AF_NETLINK) {
      throw new TypeError(`Cannot read the socket's port id: family is ${family}, not netlink`);
    }
    return address.getUint32(4, littleEndian);
  }

  /**
   * Path of the unix socket that a descriptor is connected to, an abstract one with `@` in front.
   *
   * @returns undefined where the descriptor is no connected unix socket, or the peer has no name.
   */
  unixPeerPath(fd: number): string | undefined {
    const address = new Uint8Array(SOCKADDR_UN_SIZE);
    const length = new Uint32Array([SOCKADDR_UN_SIZE]);
    const { getpeername } = this.#library.symbols;
    if (getpeername(fd, address, new Uint8Array(length.buffer)) < 0) return undefined;
    if (new DataView(address.buffer).getUint16(0, littleEndian) !== AF_UNIX) return undefined;
    const name = address.subarray(2, Math.min(length[0] ?? 0, SOCKADDR_UN_SIZE));
    if (name.length === 0) return undefined;
    if (name[0] === 0) return "@" + new TextDecoder().decode(name.subarray(1));
    const end = name.indexOf(0);
    return new TextDecoder().decode(end < 0 ? name : name.subarray(0, end));
  }

  /** Ends both directions of a socket, which wakes a call that waits on it. @throws {LibcError} */
  shutdownSocket(fd: number): void {
    if (this.#library.symbols.shutdown(fd, SHUT_RDWR) < 0) {
      this.#fail("Cannot shut the socket down");
    }
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }

  get #lengthBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#senderLength.buffer);
  }

  #fail(action: string): never {
    const errno = this.errno;
    throw new LibcError(`${action}: ${this.errnoText(errno)}`, errno);
  }
}

/** Byte order of the machine: what netlink headers and socket addresses use. */
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Opens the C library for the calling thread. @throws {Error} If Deno or the system refuses. */
export function openLibc(): Libc {
  return new Libc(Deno.dlopen("libc.so.6", symbols));
}
