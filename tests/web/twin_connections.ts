const symbols = {
  // int socket(int domain, int type, int protocol);
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  // int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen);
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  // int close(int fd);
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SOCKADDR_IN_SIZE = 16;

/** Connections to several addresses of this machine, all from 127.0.0.1 and the same port, which say nothing. */
export function twinConnections(
  sourcePort: number,
  addresses: readonly string[],
  port: number,
): Disposable {
  const libc = Deno.dlopen("libc.so.6", symbols);
  const check = (result: number, what: string) => {
    if (result < 0) throw new Error(`Cannot ${what}`);
    return result;
  };
  const fds = addresses.map((address) => {
    const { socket, setsockopt, bind, connect } = libc.symbols;
    const fd = check(socket(AF_INET, SOCK_STREAM, 0), "open a socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, new Uint8Array([1, 0, 0, 0]), 4);
    check(bind(fd, sockaddr("127.0.0.1", sourcePort), SOCKADDR_IN_SIZE), `take port ${sourcePort}`);
    check(connect(fd, sockaddr(address, port), SOCKADDR_IN_SIZE), `connect to ${address}`);
    return fd;
  });
  return {
    [Symbol.dispose]() {
      for (const fd of fds) libc.symbols.close(fd);
      libc.close();
    },
  };
}

/** `struct sockaddr_in`: the family in the machine's byte order, port and address in the network's. */
function sockaddr(address: string, port: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SOCKADDR_IN_SIZE);
  bytes.set(new Uint8Array(new Uint16Array([AF_INET]).buffer));
  bytes.set([port >> 8, port & 0xff, ...address.split(".").map(Number)], 2);
  return bytes;
}
