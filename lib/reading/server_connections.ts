import {
  openServerSockets,
  type ServerConnection,
  type ServerSockets,
} from "../../ffi/server_sockets.ts";
import { type AddressWords, fromWords, parseIpAddress } from "../address/ip_address.ts";
import type { SeenConnection } from "../web/connection.ts";

/** What the kernel tells of this process's web server, and does to it. */
export interface KernelView extends Disposable {
  /** Open connections to the ports. */
  connections(ports: ReadonlySet<number>): readonly SeenConnection[];
  /** The one with this descriptor, if it is one: maybe another than it was at an earlier look. */
  connection(fd: number): SeenConnection | undefined;
  /** To be called in the turn of the event loop in which {@link connection} showed whose it is. */
  endConnection(fd: number): void;
  /** Descriptors that listen on the ports. */
  listeners(ports: ReadonlySet<number>): readonly number[];
  /** Lets the kernel drop what a listener takes from now on, once its client takes nothing for so long. */
  limitSilence(fd: number, milliseconds: number): void;
  /** Lets what a listener takes from now on send the end of an answer without waiting. */
  sendAtOnce(fd: number): void;
  /** Frees a listener's port at once; connections that it took go on. */
  endListener(fd: number): void;
}

/** Opens the view for the thread that serves. @throws {Error} If the C library cannot be opened. */
export function openKernelView(): KernelView {
  const sockets: ServerSockets = openServerSockets();
  return {
    connections(ports) {
      const found: SeenConnection[] = [];
      sockets.forEachConnection(ports, (each) => found.push(seen(each)));
      return found;
    },
    connection(fd) {
      const found = sockets.connection(fd);
      return found && seen(found);
    },
    endConnection: (fd) => sockets.endConnection(fd),
    listeners: (ports) => sockets.listeners(ports),
    limitSilence: (fd, milliseconds) => sockets.limitSilence(fd, milliseconds),
    sendAtOnce: (fd) => sockets.sendAtOnce(fd),
    endListener: (fd) => sockets.endListener(fd),
    [Symbol.dispose]: () => sockets[Symbol.dispose](),
  };
}

/** One text for a client, however its address is written: the kernel's bytes or Deno's text. */
export function clientText(hostname: string, port: number): string {
  return `${parseIpAddress(hostname)?.text ?? hostname} ${port}`;
}

function seen(connection: ServerConnection): SeenConnection {
  const { fd, peerAddress, peerPort, bytesReceived, bytesAcked, bytesQueued } = connection;
  const client = `${fromWords(wordsOf(peerAddress)).text} ${peerPort}`;
  return { client, fd, bytesReceived, bytesAcked, bytesQueued };
}

function wordsOf(address: Uint8Array): AddressWords {
  const view = new DataView(address.buffer, address.byteOffset, address.length);
  if (address.length === 4) return [0, 0, 0xffff, view.getUint32(0)];
  return [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)];
}
