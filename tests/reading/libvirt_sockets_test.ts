import assert from "node:assert/strict";
import { isLibvirtSocket, shutDownLibvirtSockets } from "../../lib/reading/libvirt_sockets.ts";

Deno.test("isLibvirtSocket knows libvirt's daemons and the URI's own socket, and no other", () => {
  const uri = "qemu+unix:///system?socket=/srv/proxy";
  const known = [
    "/run/libvirt/libvirt-sock-ro",
    "/var/run/libvirt/libvirt-sock",
    "/run/libvirt/virtqemud-sock-ro",
    "@/run/user/1000/libvirt/libvirt-sock",
    "/srv/proxy",
  ];
  const other = [
    "/run/nscd/socket",
    "/run/systemd/notify",
    "/srv/libvirt-socks",
    "",
    "/run/virt-sock",
  ];
  assert.deepEqual(known.filter((path) => !isLibvirtSocket(path, uri)), []);
  assert.deepEqual(other.filter((path) => isLibvirtSocket(path, uri)), []);
  assert.equal(isLibvirtSocket("/srv/proxy", "qemu:///system"), false);
  assert.equal(isLibvirtSocket("/srv/proxy", "not a URI"), false);
});

Deno.test("shutDownLibvirtSockets ends the connections to libvirt and leaves all others", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-sockets-" });
  const read = async (name: string) => {
    const path = `${folder}/${name}`;
    using listener = Deno.listen({ transport: "unix", path });
    const accepting = listener.accept();
    using client = await Deno.connect({ transport: "unix", path });
    using server = await accepting;
    const reading = client.read(new Uint8Array(1));
    const found = shutDownLibvirtSockets("qemu:///system");
    // Where the reading has not ended, this byte ends it.
    if (found === 0) await server.write(new Uint8Array(1));
    return { found, got: await reading };
  };
  try {
    assert.deepEqual(await read("libvirt-sock-ro"), { found: 1, got: null });
    assert.deepEqual(await read("other-sock"), { found: 0, got: 1 });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
