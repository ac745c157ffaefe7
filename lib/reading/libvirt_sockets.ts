import { type Libc, LibcError, openLibc } from "../../ffi/libc.ts";

/** The sockets of libvirtd and of its modular daemons, such as `libvirt-sock-ro`, `virtqemud-sock-ro`. */
const DAEMON_SOCKET = /(^|\/)(libvirt|virt[a-z]+d)-sock(-ro)?$/;

/**
 * Ends every connection of this process to libvirt's daemon on this host, which wakes a call that
 * waits for its answer; that call then fails as if the daemon had gone. On any thread: it opens the
 * C library for the one call.
 *
 * A descriptor is looked at and shut down in one go on the calling thread. Should libvirt close it in
 * the microseconds between, the kernel refuses a file or a netlink socket in its place, and a new
 * connection to libvirt would only be made again.
 *
 * @returns How many connections were found; a remote libvirt's are not.
 */
export function shutDownLibvirtSockets(uri: string): number {
  using libc = openLibc();
  const descriptors = libc.kernelFiles.list("/proc/self/fd") ?? [];
  return descriptors.map(Number).filter((fd) => shutDown(libc, fd, uri)).length;
}

/** Whether the path is where a connection to this URI leads. */
export function isLibvirtSocket(path: string, uri: string): boolean {
  return DAEMON_SOCKET.test(path) || path === socketOf(uri);
}

function shutDown(libc: Libc, fd: number, uri: string): boolean {
  const path = libc.unixPeerPath(fd);
  if (path === undefined || !isLibvirtSocket(path, uri)) return false;
  try {
    libc.shutdownSocket(fd);
    return true;
  } catch (error) {
    // The daemon ended the connection in this moment, or libvirt did.
    if (error instanceof LibcError) return false;
    throw error;
  }
}

/** The parameter `socket` of a connection URI. */
function socketOf(uri: string): string | undefined {
  return URL.parse(uri)?.searchParams.get("socket") ?? undefined;
}
