import { cString } from "./c_string.ts";

/** Calls that tell of this process's own sockets, and end one of them. All are synchronous. */
const symbols = {
  // DIR *opendir(const char *name);
  opendir: { parameters: ["buffer"], result: "pointer" },
  // struct dirent *readdir(DIR *dirp);
  readdir: { parameters: ["pointer"], result: "pointer" },
  // void rewinddir(DIR *dirp);
  rewinddir: { parameters: ["pointer"], result: "void" },
  // int closedir(DIR *dirp);
  closedir: { parameters: ["pointer"], result: "i32" },
  // int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen);
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int getpeername(int sockfd, struct sockaddr *addr, socklen_t *addrlen);
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  // int ioctl(int fd, unsigned long request, int *argp);
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  // int shutdown(int sockfd, int how);
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** A connection that a client made to one of our ports, as the kernel sees it. */
export interface ServerConnection {
  readonly fd: number;
  /** The client's port, and its address: 4 bytes, or 16 for IPv6. Reused: copy what is kept. */
  readonly peerPort: number;
  readonly peerAddress: Uint8Array;
  /** What the client has sent. */
  readonly bytesReceived: number;
  /** What the client has acknowledged, and what the kernel has for it besides. */
  readonly bytesAcked: number;
  readonly bytesQueued: number;
}

const AF_INET = 2;
const AF_INET6 = 10;
/** `struct sockaddr_in6 {u16 family, u16 port, u32 flowinfo, u8 addr[16], u32 scope}`, port big endian. */
const SOCKADDR_IN6_SIZE = 28;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const TCP_INFO = 11;
const TCP_USER_TIMEOUT = 18;
const SOL_SOCKET = 1;
const SO_LINGER = 13;
const SO_ACCEPTCONN = 30;
const SHUT_RDWR = 2;
/** tcp(7): bytes in the send queue, those in flight included. */
const SIOCOUTQ = 0x5411n;
/** `struct dirent {u64 ino, i64 off, u16 reclen, u8 type, char name[]}` on 64-bit machines. */
const DIRENT_NAME = 19;

/** Offsets in `struct tcp_info` (linux/tcp.h); bytes_acked came with Linux 4.1, notsent_bytes with 4.6. */
const TCP_INFO_FIELDS = {
  unacked: 24,
  bytesAcked: 120,
  bytesReceived: 128,
  notsentBytes: 144,
  end: 148,
} as const;

/**
 * The sockets of this process that belong to a server on some ports.
 *
 * Use it on the thread that accepts and closes these connections, and end one in the same turn in which
 * it was listed: then no descriptor can have changed hands in between. Close it with `using`.
 */
export class ServerSockets implements Disposable {
  readonly #library;
  /** Kept open: a look must be possible when there is no descriptor left. */
  readonly #folder: Deno.PointerObject;
  readonly #address = new DataView(new ArrayBuffer(SOCKADDR_IN6_SIZE));
  readonly #addressBytes = new Uint8Array(this.#address.buffer);
  readonly #info = new DataView(new ArrayBuffer(TCP_INFO_FIELDS.end));
  readonly #infoBytes = new Uint8Array(this.#info.buffer);
  readonly #length = new Uint32Array(1);
  readonly #lengthBytes = new Uint8Array(this.#length.buffer);

  constructor(library: Deno.DynamicLibrary<typeof symbols>) {
    this.#library = library;
    const folder = library.symbols.opendir(cString("/proc/self/fd"));
    if (folder === null) throw new Error("Cannot open /proc/self/fd: the kernel refused");
    this.#folder = folder;
  }

  /** Calls `found` for each open connection to one of the ports. */
  forEachConnection(
    ports: ReadonlySet<number>,
    found: (connection: ServerConnection) => void,
  ): void {
    for (const fd of this.#descriptors()) {
      if (!ports.has(this.#localPort(fd) ?? -1)) continue;
      const connection = this.connection(fd);
      if (connection !== undefined) found(connection);
    }
  }

  /** The connection of a descriptor; undefined for what listens, is closed, or is no TCP. */
  connection(fd: number): ServerConnection | undefined {
    const { getpeername, getsockopt } = this.#library.symbols;
    this.#length[0] = TCP_INFO_FIELDS.end;
    const info = this.#info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, this.#infoBytes, this.#lengthBytes) < 0) {
      return undefined;
    }
    if ((this.#length[0] ?? 0) < TCP_INFO_FIELDS.end) return undefined;
    this.#length[0] = SOCKADDR_IN6_SIZE;
    if (getpeername(fd, this.#addressBytes, this.#lengthBytes) < 0) return undefined;
    const { bytesAcked, bytesReceived, notsentBytes, unacked } = TCP_INFO_FIELDS;
    return {
      fd,
      peerPort: this.#address.getUint16(2),
      peerAddress: this.#address.getUint16(0, littleEndian) === AF_INET
        ? this.#addressBytes.subarray(4, 8)
        : this.#addressBytes.subarray(8, 24),
      bytesReceived: Number(info.getBigUint64(bytesReceived, littleEndian)),
      bytesAcked: Number(info.getBigUint64(bytesAcked, littleEndian)),
      bytesQueued: info.getUint32(notsentBytes, littleEndian) > 0 ||
          info.getUint32(unacked, littleEndian) > 0
        ? this.#queued(fd)
        : 0,
    };
  }

  /** Descriptors of what listens on one of the ports. */
  listeners(ports: ReadonlySet<number>): readonly number[] {
    return this.#descriptors().filter((fd) =>
      ports.has(this.#localPort(fd) ?? -1) && this.#isListening(fd)
    );
  }

  /**
   * Lets the kernel drop connections that a listener takes from now on once their client has acknowledged or taken
   * nothing for so long: also those that have no descriptor any more, but bytes that wait.
   */
  limitSilence(fd: number, milliseconds: number): void {
    this.#setTcp(fd, TCP_USER_TIMEOUT, milliseconds);
  }

  /** Lets connections that a listener takes from now on send the end of an answer without waiting (Nagle's algorithm). */
  sendAtOnce(fd: number): void {
    this.#setTcp(fd, TCP_NODELAY, 1);
  }

  /** Ends a listener: its port is free at once, connections that it took go on. */
  endListener(fd: number): void {
    this.#library.symbols.shutdown(fd, SHUT_RDWR);
  }

  /** Ends a connection; what was not sent is dropped when its owner then closes it. */
  endConnection(fd: number): void {
    const { setsockopt, shutdown } = this.#library.symbols;
    // struct linger {int l_onoff; int l_linger}: no memory is kept for a client that does not read.
    setsockopt(fd, SOL_SOCKET, SO_LINGER, new Uint8Array(new Int32Array([1, 0]).buffer), 8);
    shutdown(fd, SHUT_RDWR);
  }

  [Symbol.dispose](): void {
    this.#library.symbols.closedir(this.#folder);
    this.#library.close();
  }

  #setTcp(fd: number, option: number, value: number): void {
    const bytes = new Uint8Array(new Int32Array([value]).buffer);
    this.#library.symbols.setsockopt(fd, IPPROTO_TCP, option, bytes, bytes.length);
  }

  /** Bytes from the first that is not acknowledged, at least one. */
  #queued(fd: number): number {
    const value = new Int32Array(1);
    this.#library.symbols.ioctl(fd, SIOCOUTQ, new Uint8Array(value.buffer));
    return Math.max(1, value[0] ?? 0);
  }

  #descriptors(): readonly number[] {
    const { readdir, rewinddir } = this.#library.symbols;
    rewinddir(this.#folder);
    const fds: number[] = [];
    for (let entry = readdir(this.#folder); entry !== null; entry = readdir(this.#folder)) {
      const fd = Number(Deno.UnsafePointerView.getCString(entry, DIRENT_NAME));
      // "." and ".." are no numbers.
      if (Number.isInteger(fd)) fds.push(fd);
    }
    return fds;
  }

  /** undefined for what is no internet socket. */
  #localPort(fd: number): number | undefined {
    this.#length[0] = SOCKADDR_IN6_SIZE;
    const { getsockname } = this.#library.symbols;
    if (getsockname(fd, this.#addressBytes, this.#lengthBytes) < 0) return undefined;
    return this.#isInternet() ? this.#address.getUint16(2) : undefined;
  }

  #isListening(fd: number): boolean {
    const value = new Int32Array(1);
    this.#length[0] = 4;
    const { getsockopt } = this.#library.symbols;
    const bytes = new Uint8Array(value.buffer);
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, bytes, this.#lengthBytes) === 0 &&
      value[0] === 1;
  }

  #isInternet(): boolean {
    const family = this.#address.getUint16(0, littleEndian);
    return family === AF_INET || family === AF_INET6;
  }
}

/** Byte order of the machine: what the kernel's structures use. */
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Opens the C library for the calling thread. @throws {Error} If Deno or the system refuses. */
export function openServerSockets(): ServerSockets {
  return new ServerSockets(Deno.dlopen("libc.so.6", symbols));
}
