/** Calls that change the network namespace of the calling thread. */
const symbols = {
  // int unshare(int flags);
  unshare: { parameters: ["i32"], result: "i32" },
  // int setns(int fd, int nstype);
  setns: { parameters: ["i32", "i32"], result: "i32" },
  // int open(const char *pathname, int flags);
  open: { parameters: ["buffer", "i32"], result: "i32" },
  // int close(int fd);
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const CLONE_NEWNET = 0x40000000;
const O_RDONLY_CLOEXEC = 0o2000000;

/**
 * Runs a synchronous function in a network namespace of its own, with a conntrack table of its own.
 * The namespace belongs to this thread alone, has no name, and is gone afterwards, entries and all.
 * Needs root.
 */
export function inNetworkNamespace<T>(run: () => T): T {
  using library = new Closing(Deno.dlopen("libc.so.6", symbols));
  const { unshare, setns, open, close } = library.symbols;
  const home = open(new TextEncoder().encode("/proc/thread-self/ns/net\0"), O_RDONLY_CLOEXEC);
  expectSuccess(home, "open the thread's network namespace");
  try {
    expectSuccess(unshare(CLONE_NEWNET), "make a network namespace: run as root");
    try {
      return run();
    } finally {
      expectSuccess(setns(home, CLONE_NEWNET), "leave the network namespace");
    }
  } finally {
    close(home);
  }
}

function expectSuccess(result: number, action: string): void {
  if (result < 0) throw new Error(`Cannot ${action}`);
}

class Closing implements Disposable {
  readonly symbols;

  constructor(readonly library: Deno.DynamicLibrary<typeof symbols>) {
    this.symbols = library.symbols;
  }

  [Symbol.dispose](): void {
    this.library.close();
  }
}
