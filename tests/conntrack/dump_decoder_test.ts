import assert from "node:assert/strict";
import fc from "fast-check";
import type { AddressWords } from "../../lib/address/ip_address.ts";
import { DumpDecoder } from "../../lib/conntrack/dump_decoder.ts";
import { REPLY_SRC_PORT, SRC_PORT } from "../../lib/conntrack/flow.ts";
import { NetlinkError } from "../../lib/conntrack/netlink_error.ts";
import {
  attribute,
  type EntryFields,
  entryMessage,
  ipv4,
  message,
  PORT_ID,
  resultMessage,
} from "./netlink_messages.ts";

const GUEST = ipv4(10, 0, 0, 1);
const REMOTE = ipv4(203, 0, 113, 9);
const GUEST6: AddressWords = [0xfd000000, 0, 0, 1];
const REMOTE6: AddressWords = [0x20010db8, 0x80000000, 0xffffffff, 0xfffffffe];
const SEED = 20_261;

interface Decoded {
  readonly done: boolean;
  /** Source, destination, reply's source, reply's destination; protocol, port, status, zone. */
  readonly flows: number[][];
}

/** Decodes datagrams one after the other, as one dump. */
function decode(...datagrams: readonly (readonly number[])[]): Decoded {
  const buffer = new Uint8Array(8192);
  const decoder = new DumpDecoder(buffer);
  decoder.begin(PORT_ID);
  const flows: number[][] = [];
  let done = false;
  for (const datagram of datagrams) {
    buffer.fill(0xaa);
    buffer.set(datagram);
    done = decoder.decode(datagram.length, {
      flow: (flow) => flows.push([...flow.subarray(0, SRC_PORT)]),
    });
  }
  return { done, flows };
}

function record(entry: Required<EntryFields>): number[] {
  const { src, dst, replySrc, replyDst, protocol, dstPort, status, zone } = entry;
  return [...src, ...dst, ...replySrc, ...replyDst, protocol, dstPort, status, zone];
}

Deno.test("DumpDecoder.decode hands over the entries of all datagrams up to the end", () => {
  const first = {
    src: GUEST,
    dst: REMOTE,
    replySrc: REMOTE,
    replyDst: ipv4(198, 51, 100, 7),
    protocol: 17,
    dstPort: 53,
    status: 0x8000018e,
    zone: 65_535,
  };
  const second = {
    src: GUEST6,
    dst: REMOTE6,
    replySrc: REMOTE6,
    replyDst: GUEST6,
    protocol: 6,
    dstPort: 65_535,
    status: 0,
    zone: 0,
  };
  assert.deepEqual(
    decode(
      [...entryMessage(first), ...entryMessage(second)],
      [...message([], { type: 1 }), ...entryMessage(first), ...resultMessage(0)],
    ),
    { done: true, flows: [record(first), record(second), record(first)] },
  );
});

Deno.test("DumpDecoder.decode reads the headers that nearly all entries have as it reads any", () => {
  const u32 = fc.nat(0xffff_ffff);
  const byte = fc.nat(255);
  const address = fc.oneof(
    fc.tuple(byte, byte, byte, byte).map((bytes) => ipv4(...bytes)),
    fc.tuple(u32, u32, u32, u32),
  );
  const entry = fc.record({
    src: address,
    dst: address,
    replySrc: address,
    replyDst: address,
    protocol: fc.oneof(fc.constantFrom(1, 6, 17, 33, 47, 132, 136), fc.nat(255)),
    dstPort: fc.nat(0xffff),
    status: u32,
    zone: fc.nat(0xffff),
  });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), (entries) => {
      const usual = entries.flatMap((each) => entryMessage(each));
      const unusual = entries.flatMap((each) => entryMessage(each, {}, 0));
      const { flows } = decode(usual);
      assert.deepEqual(flows, decode(unusual).flows);
      const hasPort = [6, 17, 33, 132, 136];
      assert.deepEqual(
        flows,
        entries.map((each) =>
          record({ ...each, dstPort: hasPort.includes(each.protocol) ? each.dstPort : 0 })
        ),
      );
    }),
    { seed: SEED, numRuns: 1_000 },
  );
});

Deno.test("DumpDecoder.readPorts writes the source ports of the entry that is handed over, of ICMP the id", () => {
  const tuple = (parts: readonly (readonly [type: number, value: readonly number[]])[]) => [
    ...attribute(1, [...attribute(1, [10, 0, 0, 1]), ...attribute(2, [10, 0, 0, 2])]),
    ...attribute(2, parts.flatMap(([type, value]) => attribute(type, value))),
  ];
  const tcp: Parameters<typeof tuple>[0] = [[1, [6]], [2, [1, 2]], [3, [0, 80]]];
  const ping: Parameters<typeof tuple>[0] = [[1, [1]], [4, [3, 4]], [5, [8]], [6, [0]]];
  const ping6: Parameters<typeof tuple>[0] = [[1, [58]], [7, [5, 6]], [8, [128]], [9, [0]]];
  const entry = (parts: typeof tcp, reply: typeof tcp) =>
    message([2, 0, 0, 0, ...attribute(1, tuple(parts)), ...attribute(2, tuple(reply))]);
  const bytes = [
    ...entry(tcp, [[1, [6]], [2, [0, 80]], [3, [1, 2]]]),
    ...entry(ping, ping),
    ...entry(ping6, ping6),
    ...entry([[1, [47]]], [[1, [47]]]),
  ];
  const buffer = Uint8Array.from(bytes);
  const decoder = new DumpDecoder(buffer);
  decoder.begin(PORT_ID);
  const ports: number[][] = [];
  decoder.decode(bytes.length, {
    flow(flow, source) {
      source?.readPorts();
      ports.push([...flow.subarray(SRC_PORT, REPLY_SRC_PORT + 1)]);
    },
  });
  assert.deepEqual(ports, [[258, 80], [772, 772], [1286, 1286], [0, 0]]);
});

Deno.test("DumpDecoder.decode waits for more until the end message", () => {
  assert.equal(decode(entryMessage({ src: GUEST, dst: REMOTE })).done, false);
});

Deno.test("DumpDecoder.decode gives ports only to protocols that have ports", () => {
  const portOf = (protocol: number) =>
    decode(entryMessage({ src: GUEST, dst: REMOTE, protocol, dstPort: 99 })).flows[0]?.[17];
  assert.deepEqual([6, 17, 33, 132, 136].map(portOf), [99, 99, 99, 99, 99]);
  assert.deepEqual([0, 1, 47, 58, 255].map(portOf), [0, 0, 0, 0, 0]);
});

const ENTRY = entryMessage({ src: GUEST, dst: REMOTE });
const PREFIX = "Cannot use the conntrack dump: ";
const REFUSED: readonly [title: string, datagram: readonly number[], kind: string, text: string][] =
  [
    ["no bytes", [], "malformed", `${PREFIX}a datagram cannot have 0 bytes`],
    ["half a header", ENTRY.slice(0, 10), "malformed", `${PREFIX}a datagram cannot have 10 bytes`],
    ["a cut entry", ENTRY.slice(0, -4), "malformed", `${PREFIX}a message's length is wrong`],
    ["a cut second header", [...ENTRY, 1, 2, 3], "malformed", `${PREFIX}a message is cut off`],
    ["a length of 0", new Array(16).fill(0), "malformed", `${PREFIX}a message's length is wrong`],
    [
      "another socket's message",
      entryMessage({ src: GUEST, dst: REMOTE }, { portId: 1 }),
      "foreign",
      `${PREFIX}a message is for another socket`,
    ],
    [
      "another request's message",
      [...ENTRY, ...entryMessage({ src: GUEST, dst: REMOTE }, { sequence: 9 })],
      "foreign",
      `${PREFIX}a message belongs to another request`,
    ],
    [
      "another subsystem's message",
      message([2, 0, 0, 0], { type: 0x200 }),
      "foreign",
      `${PREFIX}a message of type 512 is no conntrack entry`,
    ],
    [
      "an acknowledgement",
      resultMessage(0, { type: 2 }),
      "foreign",
      `${PREFIX}the kernel acknowledged what was not asked for`,
    ],
    [
      "an interrupted dump",
      resultMessage(0, { flags: 2 | 0x10 }),
      "interrupted",
      `${PREFIX}the table changed during the dump`,
    ],
    [
      "an overrun",
      message([], { type: 4 }),
      "interrupted",
      `${PREFIX}the kernel lost a part of it`,
    ],
    ["a missing result", message([], { type: 3 }), "malformed", `${PREFIX}a result is missing`],
    [
      "EPERM",
      resultMessage(-1, { type: 2 }),
      "refused",
      "Cannot read the conntrack table: the kernel does not permit it (EPERM): grant CAP_NET_ADMIN",
    ],
    [
      "an error at the end",
      resultMessage(-12),
      "refused",
      "Cannot read the conntrack table: the kernel answered with errno 12",
    ],
    [
      "an entry without addresses",
      message([2, 0, 0, 0]),
      "malformed",
      "Cannot decode the conntrack dump: an entry lacks an address",
    ],
    [
      "an IPv4 address of 5 bytes",
      message([2, 0, 0, 0, ...attribute(1, attribute(1, attribute(1, [1, 2, 3, 4, 5])))]),
      "malformed",
      "Cannot decode the conntrack dump: an IPv4 address has a wrong length",
    ],
    [
      "an attribute longer than its parent",
      message([2, 0, 0, 0, ...attribute(1, [200, 0, 1, 0])]),
      "malformed",
      "Cannot decode the conntrack dump: an attribute has a wrong length",
    ],
  ];

for (const [title, datagram, kind, text] of REFUSED) {
  Deno.test(`DumpDecoder.decode refuses ${title}`, () => {
    assert.throws(
      () => decode(datagram),
      (error) => error instanceof NetlinkError && error.kind === kind && error.message === text,
    );
  });
}

Deno.test("DumpDecoder refuses a buffer whose size is no multiple of 4", () => {
  assert.throws(() => new DumpDecoder(new Uint8Array(7)), RangeError);
});

Deno.test("DumpDecoder.begin forgets the sequence number of the dump before", () => {
  const buffer = new Uint8Array(64);
  const decoder = new DumpDecoder(buffer);
  for (const sequence of [1, 2]) {
    buffer.set(resultMessage(0, { sequence }));
    decoder.begin(PORT_ID);
    assert.equal(decoder.decode(20, { flow: () => {} }), true);
  }
});

/** Decodes bytes; answers whether they were usable, and throws where another class was thrown. */
function usable(bytes: Uint8Array): boolean {
  const buffer = new Uint8Array((bytes.length + 3) & ~3);
  buffer.set(bytes);
  const decoder = new DumpDecoder(buffer);
  decoder.begin(PORT_ID);
  try {
    decoder.decode(bytes.length, { flow: () => {} });
    return true;
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    return false;
  }
}

Deno.test("DumpDecoder.decode takes any bytes or throws NetlinkError", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      usable(bytes);
    }),
    { seed: SEED, numRuns: 3_000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      usable(Uint8Array.from(message([2, 0, 0, 0, ...bytes])));
    }),
    { seed: SEED, numRuns: 3_000 },
  );
});

Deno.test("DumpDecoder.decode takes mutated and cut dumps or throws NetlinkError", () => {
  const dump = [
    ...ENTRY,
    ...entryMessage({ src: GUEST6, dst: REMOTE6, zone: 3 }),
    ...resultMessage(0),
  ];
  const outcomes = { usable: 0, refused: 0 };
  const mutation = fc.tuple(fc.nat(dump.length - 1), fc.nat(255));
  fc.assert(
    fc.property(
      fc.array(mutation, { maxLength: 3 }),
      fc.oneof(fc.constant(dump.length), fc.integer({ min: 1, max: dump.length })),
      (mutations, length) => {
        const bytes = Uint8Array.from(dump);
        for (const [at, value] of mutations) bytes[at] = value;
        if (usable(bytes.subarray(0, length))) outcomes.usable++;
        else outcomes.refused++;
      },
    ),
    { seed: SEED, numRuns: 5_000 },
  );
  assert.ok(outcomes.usable > 50 && outcomes.refused > 50, JSON.stringify(outcomes));
});
