/** Calls that give the calling thread a network of its own. */
const symbols = {
  // int unshare(int flags);
  unshare: { parameters: ["i32"], result: "i32" },
  // int socket(int domain, int type, int protocol);
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  // int ioctl(int fd, unsigned long op, struct ifreq *ifr);
  ioctl: { parameters: ["i32", "u64", "buffer"], result: "i32" },
  // int close(int fd);
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const CLONE_NEWNET = 0x40000000;
const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 0o2000002;
const SIOCSIFFLAGS = 0x8914n;
const IFF_UP = 1;
/** `struct ifreq {char name[16]; short flags; ...}`. */
const IFREQ_SIZE = 40;
const IFREQ_FLAGS = 16;

/**
 * Moves the calling thread, and each process it starts from now on, into a new network namespace
 * with nothing but a loopback that is up. Sockets that are open already stay where they are. The
 * namespace is gone with the last process in it.
 *
 * @returns whether the kernel allowed it, which takes root.
 */
export function enterNetworkNamespace(): boolean {
  // deno-lint-ignore oie/unsafe-only-in-ffi -- ffi/ belongs to the program, which stays where it is
  const library = Deno.dlopen("libc.so.6", symbols);
  try {
    return library.symbols.unshare(CLONE_NEWNET) === 0 && raiseLoopback(library.symbols);
  } finally {
    library.close();
  }
}

function raiseLoopback(c: Deno.DynamicLibrary<typeof symbols>["symbols"]): boolean {
  const request = new DataView(new ArrayBuffer(IFREQ_SIZE));
  new TextEncoder().encodeInto("lo", new Uint8Array(request.buffer));
  // In the machine's byte order, which is little-endian on both processors Deno runs on.
  request.setInt16(IFREQ_FLAGS, IFF_UP, true);
  const fd = c.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
  if (fd < 0) return false;
  try {
    return c.ioctl(fd, SIOCSIFFLAGS, new Uint8Array(request.buffer)) === 0;
  } finally {
    c.close(fd);
  }
}
