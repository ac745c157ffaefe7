/**
 * Why a dump of the conntrack table cannot be used:
 * - `malformed`: its bytes are no such answer;
 * - `foreign`: a message belongs to another request or socket;
 * - `refused`: the kernel answered with an error, whose number is `errno`;
 * - `interrupted`: the table changed in a way that makes the answer inconsistent, or the kernel lost
 *   a part of it; worth another try.
 */
export type NetlinkErrorKind = "malformed" | "foreign" | "refused" | "interrupted";

/** The one error of the netlink decoder, whatever the bytes. */
export class NetlinkError extends Error {
  override readonly name = "NetlinkError";

  constructor(readonly kind: NetlinkErrorKind, message: string, readonly errno = 0) {
    super(message);
  }
}
