import assert from "node:assert/strict";
import { fromWords } from "../../lib/address/ip_address.ts";
import {
  ConntrackReader,
  type ConntrackReading,
  type ConntrackSource,
} from "../../lib/reading/conntrack_reader.ts";
import { entryMessage, ipv4, PORT_ID, resultMessage } from "../conntrack/netlink_messages.ts";

const GUEST = ipv4(10, 0, 0, 1);
const OWNERS = [{ uuid: "a", fixedIps: [fromWords(GUEST)] }];
const out = (last: number) => entryMessage({ src: GUEST, dst: ipv4(203, 0, 113, last) });
const DONE = resultMessage(0);
const INTERRUPTED = resultMessage(0, { flags: 0x10 });
const ENOBUFS = Object.assign(new Error("no buffer space"), { errno: 105 });

/** What one dump gives: datagrams, or an error after some of them. */
type Dump = readonly (readonly number[] | Error)[];

/** Sources that play the dumps one after the other, and a record of how they were used. */
function play(...dumps: readonly Dump[]) {
  const left = [...dumps];
  const record = { opened: 0, closed: 0 };
  const open = (): ConntrackSource => {
    record.opened++;
    return {
      portId: PORT_ID,
      dump(buffer, onDatagram) {
        for (const datagram of left.shift() ?? []) {
          if (datagram instanceof Error) throw datagram;
          buffer.set(datagram);
          if (onDatagram(datagram.length, 0)) return;
        }
        throw new Error("the dump has no end");
      },
      [Symbol.dispose]() {
        record.closed++;
      },
    };
  };
  return { open, record };
}

/** Flows, unique and new remotes of the one fixed IP, or the error's text. */
function outcome(reading: ConntrackReading): number[] | string {
  if (!reading.ok) return reading.error.message;
  const ip = reading.summary.byInstance.get("a")?.[0];
  return [ip?.flows ?? -1, ip?.outbound?.uniqueRemotes ?? -1, ip?.outbound?.newRemotes ?? -1];
}

Deno.test("ConntrackReader.read keeps the socket and compares with the reading before", () => {
  const { open, record } = play([out(1), [...out(2), ...DONE]], [[...out(2), ...out(3)], DONE]);
  using reader = new ConntrackReader({ outbound: true, open });
  assert.deepEqual([outcome(reader.read(OWNERS)), outcome(reader.read(OWNERS))], [
    [2, 2, 2],
    [2, 2, 1],
  ]);
  assert.deepEqual(record, { opened: 1, closed: 0 });
});

Deno.test("ConntrackReader.read tries an interrupted dump again on a new socket", () => {
  const { open, record } = play([out(1), INTERRUPTED], [out(9), INTERRUPTED], [out(2), DONE]);
  using reader = new ConntrackReader({ outbound: true, open });
  assert.deepEqual(outcome(reader.read(OWNERS)), [1, 1, 1]);
  assert.deepEqual([reader.interruptedTotal, reader.enobufsTotal], [2, 0]);
  assert.deepEqual(record, { opened: 3, closed: 2 });
});

Deno.test("ConntrackReader.read tells of each datagram, of those of a dump that fails too", () => {
  const { open } = play([out(1), INTERRUPTED], [out(1), out(2), DONE]);
  let datagrams = 0;
  using reader = new ConntrackReader({ outbound: true, open, onProgress: () => datagrams++ });
  assert.deepEqual(outcome(reader.read(OWNERS)), [2, 2, 2]);
  assert.equal(datagrams, 5);
});

Deno.test("ConntrackReader.read gives up after three interrupted dumps", () => {
  const { open } = play([INTERRUPTED], [INTERRUPTED], [INTERRUPTED], [out(2), DONE]);
  using reader = new ConntrackReader({ outbound: true, open });
  assert.equal(
    outcome(reader.read(OWNERS)),
    "Cannot use the conntrack dump: the table changed during the dump",
  );
  assert.deepEqual(outcome(reader.read(OWNERS)), [1, 1, 1]);
  assert.equal(reader.interruptedTotal, 3);
});

Deno.test("ConntrackReader.read tries once more after ENOBUFS", () => {
  const { open } = play([out(1), ENOBUFS], [out(2), DONE], [ENOBUFS], [ENOBUFS]);
  using reader = new ConntrackReader({ outbound: true, open });
  assert.deepEqual(outcome(reader.read(OWNERS)), [1, 1, 1]);
  assert.equal(outcome(reader.read(OWNERS)), "no buffer space");
  assert.equal(reader.enobufsTotal, 3);
});

Deno.test("ConntrackReader.read that fails leaves what the next is compared with", () => {
  const { open, record } = play([out(1), DONE], [out(2), resultMessage(-5)], [out(2), DONE]);
  using reader = new ConntrackReader({ outbound: true, open });
  assert.deepEqual([1, 2, 3].map(() => outcome(reader.read(OWNERS))), [
    [1, 1, 1],
    "Cannot read the conntrack table: the kernel answered with errno 5",
    [1, 1, 1],
  ]);
  assert.deepEqual(record, { opened: 2, closed: 1 });
});

Deno.test("ConntrackReader.read answers with the error where no socket can be opened, each time anew", () => {
  let tries = 0;
  using reader = new ConntrackReader({
    outbound: true,
    open: () => {
      throw new Error(`try ${++tries}`);
    },
  });
  assert.deepEqual([outcome(reader.read(OWNERS)), outcome(reader.read(OWNERS))], [
    "try 1",
    "try 2",
  ]);
});

Deno.test("ConntrackReader closes its socket when it is disposed of", () => {
  const { open, record } = play([DONE]);
  {
    using reader = new ConntrackReader({ outbound: false, open });
    reader.read([]);
  }
  assert.deepEqual(record, { opened: 1, closed: 1 });
});
