import assert from "node:assert/strict";
import { ConntrackError, type ConntrackSocket, openConntrackSocket } from "../../ffi/conntrack.ts";
import { Errno, type Libc, openLibc } from "../../ffi/libc.ts";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import { ConntrackReader, type ConntrackReading } from "../../lib/reading/conntrack_reader.ts";
import { message } from "../conntrack/netlink_messages.ts";
import { ConntrackTable, type Entry, TCP } from "./conntrack_entries.ts";
import { inNetworkNamespace } from "./conntrack_namespace.ts";
import { NetlinkSocket } from "./netlink_socket.ts";

const BUFFER_BYTES = 1024 * 1024;
const DONE = 3;
const GUEST = parseIpAddress("10.4.0.1");

/** Entries of one guest; those of one `round` differ from another's. */
function* entriesOf(round: number, count: number): Generator<Entry> {
  for (let number = 0; number < count; number++) {
    const dst = `198.18.${number >>> 8}.${number & 255}`;
    yield { protocol: TCP, src: "10.4.0.1", dst, srcPort: 1024 + round, dstPort: 443 };
  }
}

/** Flows of the guest, or the error's text. */
function outcome(reading: ConntrackReading): number | string | undefined {
  return reading.ok ? reading.summary.byInstance.get("a")?.[0]?.flows : reading.error.message;
}

function withSocket(run: (libc: Libc, socket: ConntrackSocket, inner: NetlinkSocket) => void) {
  inNetworkNamespace(() => {
    using libc = openLibc();
    using socket = openConntrackSocket(libc);
    using inner = new NetlinkSocket(libc, socket.portId);
    run(libc, socket, inner);
  });
}

Deno.test("ConntrackSocket waits no longer than five seconds for the kernel", () => {
  withSocket((libc, socket, inner) => {
    assert.equal(inner.receiveTimeoutMs, 5_000);
    // The same wait, made short: the end of the dump is not taken for one, and nothing more comes.
    libc.setReceiveTimeout(inner.fd, 20);
    assert.throws(
      () => socket.dump(new Uint8Array(BUFFER_BYTES), () => false),
      (error) =>
        error instanceof ConntrackError && error.errno === Errno.EAGAIN &&
        error.message === "Cannot read the conntrack table: no answer within 5 s",
    );
  });
});

Deno.test("ConntrackSocket has a receive buffer beyond the system's limit for others", () => {
  withSocket((_libc, _socket, inner) => {
    // The kernel doubles what is asked for, for its own bookkeeping.
    assert.equal(inner.receiveBuffer, 2 * 8 * 1024 * 1024);
  });
});

Deno.test("ConntrackSocket refuses an answer that is not the kernel's", () => {
  withSocket((_libc, socket, inner) => {
    inner.forge(message([0, 0, 0, 0], { type: DONE, portId: socket.portId }));
    assert.throws(
      () => socket.dump(new Uint8Array(BUFFER_BYTES), () => true),
      (error) =>
        error instanceof ConntrackError &&
        /^Cannot read the conntrack table: port \d+ answered in place of the kernel$/
          .test(error.message),
    );
  });
});

Deno.test("a conntrack reading through the smallest buffer is whole", () => {
  inNetworkNamespace(() => {
    using table = new ConntrackTable();
    table.create(entriesOf(0, 20_000));
    using libc = openLibc();
    const open = () => {
      const socket = openConntrackSocket(libc);
      using inner = new NetlinkSocket(libc, socket.portId);
      inner.squeeze();
      assert.ok(inner.receiveBuffer < 8_192, `${inner.receiveBuffer}`);
      return socket;
    };
    using reader = new ConntrackReader({ outbound: false, open });
    assert.equal(outcome(reader.read(owners())), 20_000);
    assert.equal(reader.enobufsTotal, 0);
  });
});

Deno.test("a conntrack reading that the kernel answers with ENOBUFS is made once more, then given up, and heals", () => {
  inNetworkNamespace(() => {
    using table = new ConntrackTable();
    using libc = openLibc();
    let [floods, round] = [0, 0];
    // The kernel sends the socket more than it holds: its next receive fails with ENOBUFS.
    const open = () => {
      const socket = openConntrackSocket(libc);
      if (floods === 0) return socket;
      using inner = new NetlinkSocket(libc, socket.portId);
      inner.squeeze();
      inner.listenToNewEntries();
      table.create(entriesOf(round++, 100));
      floods--;
      return socket;
    };
    using reader = new ConntrackReader({ outbound: false, open });
    floods = 1;
    assert.equal(outcome(reader.read(owners())), 100);
    assert.equal(reader.enobufsTotal, 1);

    floods = 2;
    const failed = "Cannot read the conntrack table: No buffer space available (errno 105)";
    // The socket of the reading before is good still.
    assert.equal(outcome(reader.read(owners())), 100);
    reader[Symbol.dispose]();
    assert.equal(outcome(reader.read(owners())), failed);
    assert.equal(reader.enobufsTotal, 3);

    floods = 0;
    assert.equal(outcome(reader.read(owners())), 300);
    assert.equal(reader.enobufsTotal, 3);
  });
});

function owners() {
  assert.ok(GUEST !== undefined);
  return [{ uuid: "a", fixedIps: [GUEST] }];
}
