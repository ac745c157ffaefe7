import assert from "node:assert/strict";
import { Errno, LibcError, openLibc } from "../../ffi/libc.ts";

Deno.test("Libc.readKernelFile reads a file of /proc to its end", () => {
  using libc = openLibc();
  assert.equal(libc.readKernelFile("/proc/sys/kernel/ostype"), "Linux\n");
  // Longer than one read of the kernel gives.
  const symbols = libc.readKernelFile("/proc/self/maps") ?? "";
  assert.match(symbols, /\[stack\][^]*\n$/);
});

Deno.test("Libc.readKernelFile answers undefined where there is no file", () => {
  using libc = openLibc();
  assert.equal(libc.readKernelFile("/proc/no-such-file"), undefined);
  assert.equal(libc.readKernelFile("/proc"), undefined);
});

Deno.test("Libc.readKernelFile gives nothing of a file without end, readKernelFileStart its start", () => {
  using libc = openLibc();
  assert.equal(libc.readKernelFile("/dev/zero"), undefined);
  assert.equal(libc.readKernelFileStart("/dev/zero"), "\0".repeat(65_536));
  assert.equal(libc.readKernelFileStart("/proc/sys/kernel/ostype"), "Linux\n");
  assert.equal(libc.readKernelFileStart("/proc/no-such-file"), undefined);
});

Deno.test("Libc.errnoText names the error and its number", () => {
  using libc = openLibc();
  assert.equal(libc.errnoText(Errno.EPERM), "Operation not permitted (errno 1)");
  assert.equal(libc.errnoText(Errno.ENOBUFS), "No buffer space available (errno 105)");
});

Deno.test("Libc tells why a call on a wrong descriptor failed", () => {
  using libc = openLibc();
  const wrong = -1;
  const calls: readonly (() => unknown)[] = [
    () => libc.shutdownSocket(wrong),
    () => libc.setReceiveTimeout(wrong, 10),
    () => libc.forceReceiveBuffer(wrong, 10),
    () => libc.receiveDatagram(wrong, new Uint8Array(8), true),
    () => libc.netlinkPortId(wrong),
  ];
  for (const call of calls) {
    assert.throws(call, (error) => error instanceof LibcError && error.errno === 9);
  }
  assert.equal(libc.unixPeerPath(wrong), undefined);
});

Deno.test("Libc.unixPeerPath finds a connected socket and shutdownSocket wakes its reader", async () => {
  using libc = openLibc();
  const path = Deno.makeTempFileSync({ prefix: "oie-libc-" });
  Deno.removeSync(path);
  using listener = Deno.listen({ transport: "unix", path });
  try {
    const accepting = listener.accept();
    using client = await Deno.connect({ transport: "unix", path });
    using _server = await accepting;
    const fds = libc.listKernelFolder("/proc/self/fd")?.map(Number) ?? [];
    const connected = fds.filter((fd) => libc.unixPeerPath(fd) === path);
    assert.equal(connected.length, 1);
    const reading = client.read(new Uint8Array(1));
    libc.shutdownSocket(connected[0] ?? -1);
    assert.equal(await reading, null);
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("Libc.listKernelFolder names what is in a folder, or nothing where there is none", () => {
  using libc = openLibc();
  const folder = Deno.makeTempDirSync({ prefix: "oie-libc-" });
  try {
    for (const name of ["b", "a", "ä"]) Deno.writeTextFileSync(`${folder}/${name}`, "");
    assert.deepEqual(libc.listKernelFolder(folder)?.toSorted(), ["a", "b", "ä"]);
    assert.equal(libc.listKernelFolder(`${folder}/none`), undefined);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
