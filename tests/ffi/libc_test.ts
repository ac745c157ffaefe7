import assert from "node:assert/strict";
import { Errno, LibcError, openLibc } from "../../ffi/libc.ts";

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
    const fds = libc.kernelFiles.list("/proc/self/fd")?.map(Number) ?? [];
    const connected = fds.filter((fd) => libc.unixPeerPath(fd) === path);
    assert.equal(connected.length, 1);
    const reading = client.read(new Uint8Array(1));
    libc.shutdownSocket(connected[0] ?? -1);
    assert.equal(await reading, null);
  } finally {
    Deno.removeSync(path);
  }
});
