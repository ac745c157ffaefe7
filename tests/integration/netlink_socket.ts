import type { Libc } from "../../ffi/libc.ts";

/** Calls that do to a netlink socket what the program never does. */
const symbols = {
  // int socket(int domain, int type, int protocol);
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  // ssize_t sendto(int sockfd, const void *buf, size_t len, int flags, const struct sockaddr *dest, socklen_t addrlen);
  sendto: { parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"], result: "isize" },
  // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen);
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  // int close(int fd);
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_NETFILTER = 12;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVTIMEO = 20;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
/** `NFNLGRP_CONNTRACK_NEW` of linux/netfilter/nfnetlink.h. */
const CONNTRACK_NEW = 1;

/** Another one's netlink socket, which is found by its port id, and what a test does to it. */
export class NetlinkSocket implements Disposable {
  readonly #library = Deno.dlopen("libc.so.6", symbols);
  readonly #portId: number;
  readonly fd: number;

  constructor(libc: Libc, portId: number) {
    this.#portId = portId;
    this.fd = descriptorOf(libc, portId);
  }

  /** How long a receive waits, in milliseconds; 0 is for ever. */
  get receiveTimeoutMs(): number {
    const timeval = new DataView(new ArrayBuffer(16));
    this.#get(SO_RCVTIMEO, timeval);
    return Number(timeval.getBigInt64(0, true)) * 1000 +
      Number(timeval.getBigInt64(8, true)) / 1000;
  }

  /** Bytes of the receive buffer, with the kernel's own share of it. */
  get receiveBuffer(): number {
    const bytes = new DataView(new ArrayBuffer(4));
    this.#get(SO_RCVBUF, bytes);
    return bytes.getInt32(0, true);
  }

  /** Makes the receive buffer the smallest that the kernel gives. */
  squeeze(): void {
    this.#set(SOL_SOCKET, SO_RCVBUF, 0);
  }

  /** Has the kernel send each new entry of the table to the socket too, unasked. */
  listenToNewEntries(): void {
    this.#set(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, CONNTRACK_NEW);
  }

  /** Sends bytes to it from a socket of another process's kind: its sender is not the kernel. */
  forge(bytes: readonly number[]): void {
    const { socket, sendto, close } = this.#library.symbols;
    const fd = expectSuccess(socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER), "open a socket");
    const address = new DataView(new ArrayBuffer(12));
    address.setUint16(0, AF_NETLINK, true);
    address.setUint32(4, this.#portId, true);
    const message = Uint8Array.from(bytes);
    const to = new Uint8Array(address.buffer);
    const sent = sendto(fd, message, BigInt(message.length), 0, to, to.length);
    close(fd);
    expectSuccess(Number(sent), "send to the socket");
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }

  #get(option: number, value: DataView<ArrayBuffer>): void {
    const { getsockopt } = this.#library.symbols;
    const length = new Uint8Array(new Uint32Array([value.byteLength]).buffer);
    const into = new Uint8Array(value.buffer);
    expectSuccess(getsockopt(this.fd, SOL_SOCKET, option, into, length), "read a socket option");
  }

  #set(level: number, option: number, value: number): void {
    const bytes = new Uint8Array(new Int32Array([value]).buffer);
    const { setsockopt } = this.#library.symbols;
    expectSuccess(setsockopt(this.fd, level, option, bytes, 4), "set a socket option");
  }
}

function descriptorOf(libc: Libc, portId: number): number {
  for (const fd of (libc.kernelFiles.list("/proc/self/fd") ?? []).map(Number)) {
    try {
      if (libc.netlinkPortId(fd) === portId) return fd;
    } catch {
      // No socket, or none of netlink.
    }
  }
  throw new Error(`Cannot find the socket with port id ${portId}`);
}

function expectSuccess(result: number, action: string): number {
  if (result < 0) throw new Error(`Cannot ${action}`);
  return result;
}
