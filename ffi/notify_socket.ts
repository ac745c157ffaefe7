/** Calls for datagrams to a unix socket, which Deno offers only behind an unstable flag. */
const symbols = {
  // int socket(int domain, int type, int protocol);
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  // ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest, socklen_t addrlen);
  sendto: {
    parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"],
    result: "isize",
  },
  // int close(int fd);
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
/** `struct sockaddr_un {u16 family, char path[108]}`. */
const PATH_BYTES = 108;

/** Sends datagrams to one unix socket; it never waits for the receiver. */
export class NotifySocket implements Disposable {
  readonly #library;
  readonly #address: Uint8Array<ArrayBuffer>;

  constructor(library: Deno.DynamicLibrary<typeof symbols>, address: Uint8Array<ArrayBuffer>) {
    this.#library = library;
    this.#address = address;
  }

  /** Sends one datagram. @returns whether the receiver's queue took it. */
  send(text: string): boolean {
    const { socket, sendto, close } = this.#library.symbols;
    const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    try {
      const bytes = new TextEncoder().encode(text);
      const size = BigInt(bytes.length);
      return sendto(fd, bytes, size, MSG_NOSIGNAL, this.#address, this.#address.length) >= 0n;
    } finally {
      close(fd);
    }
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }
}

/**
 * @param path Of a unix datagram socket, an abstract one with `@` in front. Close with `using`.
 * @throws {RangeError} If it is no such path: unix(7) allows 107 bytes.
 */
export function openNotifySocket(path: string): NotifySocket {
  const bytes = new TextEncoder().encode(path);
  const isAbstract = path.startsWith("@");
  if ((!isAbstract && !path.startsWith("/")) || bytes.length < 2 || bytes.length >= PATH_BYTES) {
    throw new RangeError(
      `Cannot use notify socket "${path}": it must be an absolute path or @name, under 108 bytes`,
    );
  }
  // The length of an abstract address is part of its name; a path ends with a zero byte.
  const address = new Uint8Array(2 + bytes.length + (isAbstract ? 0 : 1));
  new Uint16Array(address.buffer, 0, 1)[0] = AF_UNIX;
  address.set(bytes, 2);
  if (isAbstract) address[2] = 0;
  return new NotifySocket(Deno.dlopen("libc.so.6", symbols), address);
}
