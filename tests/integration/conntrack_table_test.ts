import assert from "node:assert/strict";
import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { type IpAddress, parseIpAddress } from "../../lib/address/ip_address.ts";
import type { FixedIpFlows, FixedIpOwner } from "../../lib/conntrack/flow_summary.ts";
import { readConntrackLimits } from "../../lib/reading/conntrack_limits.ts";
import { ConntrackReader } from "../../lib/reading/conntrack_reader.ts";
import {
  addressBytes,
  ConntrackTable,
  type Entry,
  ICMP,
  ICMPV6,
  TCP,
  UDP,
} from "./conntrack_entries.ts";
import { inNetworkNamespace } from "./conntrack_namespace.ts";

const WEB = owner("web", "10.1.0.5", "fd00:1::5");
const DATABASE = owner("database", "10.1.0.6");

const ENTRIES: readonly Entry[] = [
  { protocol: TCP, src: "10.1.0.5", dst: "198.51.100.1", srcPort: 40_001, dstPort: 443 },
  { protocol: TCP, src: "10.1.0.5", dst: "198.51.100.1", srcPort: 40_002, dstPort: 443 },
  { protocol: UDP, src: "10.1.0.5", dst: "198.51.100.2", srcPort: 40_003, dstPort: 53 },
  { protocol: ICMP, src: "10.1.0.5", dst: "198.51.100.3", srcPort: 7 },
  // Guest to guest, to itself, and between an instance's own two addresses of one family.
  { protocol: TCP, src: "10.1.0.5", dst: "10.1.0.6", srcPort: 40_004, dstPort: 5432 },
  { protocol: TCP, src: "10.1.0.6", dst: "10.1.0.6", srcPort: 40_005, dstPort: 8080 },
  // SNAT to a floating IP on the way out, DNAT from one on the way in.
  {
    protocol: TCP,
    src: "10.1.0.6",
    dst: "198.51.100.4",
    srcPort: 40_006,
    dstPort: 22,
    snat: "203.0.113.6",
  },
  {
    protocol: TCP,
    src: "198.51.100.9",
    dst: "203.0.113.5",
    srcPort: 40_007,
    dstPort: 80,
    dnat: "10.1.0.5",
  },
  { protocol: TCP, src: "fd00:1::5", dst: "2001:db8::1", srcPort: 40_008, dstPort: 443 },
  { protocol: UDP, src: "2001:db8::2", dst: "fd00:1::5", srcPort: 40_009, dstPort: 123 },
  { protocol: ICMPV6, src: "fd00:1::5", dst: "2001:db8::3", srcPort: 9 },
  // The same connection in another zone is another entry.
  { protocol: UDP, src: "10.1.0.5", dst: "198.51.100.2", srcPort: 40_003, dstPort: 53, zone: 9 },
  { protocol: TCP, src: "192.0.2.1", dst: "192.0.2.2", srcPort: 40_010, dstPort: 25 },
];

Deno.test("a conntrack reading has the known numbers of a table with every kind of entry", () => {
  inNetworkNamespace(() => {
    using table = new ConntrackTable();
    table.create(ENTRIES);
    using libc = openLibc();
    using reader = new ConntrackReader({ outbound: true, open: () => openConntrackSocket(libc) });
    const first = reader.read([WEB, DATABASE]);
    assert.ok(first.ok);
    assert.deepEqual(first.summary, {
      entries: 13,
      ambiguousFixedIps: 0,
      byInstance: new Map([
        ["web", [flows(7, [4, 4, 6, 2, 3, 3, 2]), flows(3, [2, 2, 2, 1, 1, 1, 1])]],
        ["database", [flows(3, [1, 1, 1, 1, 1, 1, 1])]],
      ]),
    });
    table.create([{
      protocol: TCP,
      src: "10.1.0.6",
      dst: "198.51.100.5",
      srcPort: 1,
      dstPort: 22,
    }]);
    const second = reader.read([WEB, DATABASE]);
    assert.ok(second.ok);
    assert.deepEqual(second.summary.byInstance.get("database"), [
      flows(4, [2, 1, 2, 1, 1, 0, 2]),
    ]);
    assert.equal(readConntrackLimits((path) => libc.kernelFiles.read(path)).limits.entries, 14);
  });
});

Deno.test("a conntrack reading tells real entries apart by direction, protocol and answer", () => {
  inNetworkNamespace(() => {
    using table = new ConntrackTable();
    table.create(ENTRIES.map((entry, at) => ({ ...entry, isReplied: at % 2 === 1 })));
    using libc = openLibc();
    using reader = new ConntrackReader({
      outbound: false,
      inbound: true,
      kinds: true,
      open: () => openConntrackSocket(libc),
    });
    const reading = reader.read([WEB, DATABASE]);
    assert.ok(reading.ok);
    const [v4, v6] = reading.summary.byInstance.get("web") ?? [];
    assert.deepEqual([v4?.kinds, v6?.kinds], [
      { out: 6, in: 1, tcp: 4, udp: 2, icmp: 1, other: 0, unreplied: 3 },
      { out: 2, in: 1, tcp: 1, udp: 1, icmp: 1, other: 0, unreplied: 2 },
    ]);
    // One came through DNAT, to port 80 of the floating IP.
    assert.deepEqual([v4?.inbound?.flows, v4?.inbound?.uniqueDstPorts], [1, 1]);
    assert.equal(v6?.inbound?.uniqueRemotes, 1);
  });
});

Deno.test("a conntrack reading of an empty table succeeds", () => {
  inNetworkNamespace(() => {
    using libc = openLibc();
    using reader = new ConntrackReader({ outbound: false, open: () => openConntrackSocket(libc) });
    const reading = reader.read([DATABASE]);
    assert.deepEqual(reading.ok && reading.summary, {
      entries: 0,
      ambiguousFixedIps: 0,
      byInstance: new Map([["database", [{ flows: 0 }]]]),
    });
  });
});

Deno.test("a conntrack reading agrees with nfct_query about 250,000 entries", () => {
  inNetworkNamespace(() => {
    using table = new ConntrackTable();
    table.create(manyEntries(250_000));
    using libc = openLibc();
    using reader = new ConntrackReader({ outbound: true, open: () => openConntrackSocket(libc) });
    const owners = Array.from(
      { length: 200 },
      (_, number) => owner(`${number}`, `10.2.0.${number}`, `fd00:2::${number.toString(16)}`),
    );
    const reading = reader.read(owners);
    assert.ok(reading.ok);
    const expected = new Map<string, number>();
    const entries = table.oracle();
    for (const tuples of entries) {
      for (const ip of new Set(tuples)) expected.set(ip, (expected.get(ip) ?? 0) + 1);
    }
    assert.deepEqual([entries.length, reading.summary.entries], [250_000, 250_000]);
    for (const { uuid, fixedIps } of owners) {
      assert.deepEqual(
        reading.summary.byInstance.get(uuid)?.map((ip) => ip.flows),
        fixedIps.map((ip) => expected.get(addressBytes(ip.text).join(".")) ?? 0),
      );
    }
  });
});

Deno.test("a conntrack reading without CAP_NET_ADMIN names what to grant", () => {
  const { stdout, stderr } = new Deno.Command("setpriv", {
    args: [
      "--bounding-set=-net_admin",
      "--inh-caps=-net_admin",
      Deno.execPath(),
      "run",
      "--allow-ffi",
      new URL("./conntrack_denied.ts", import.meta.url).pathname,
    ],
  }).outputSync();
  assert.equal(
    new TextDecoder().decode(stdout),
    '"Cannot read the conntrack table: the kernel does not permit it (EPERM): grant CAP_NET_ADMIN"\n',
    new TextDecoder().decode(stderr),
  );
});

function* manyEntries(count: number): Generator<Entry> {
  for (let number = 0; number < count; number++) {
    const guest = number % 200;
    const ipv6 = number % 3 === 0;
    const remote = ipv6
      ? `2001:db8::${(number % 65_536).toString(16)}`
      : `198.${18 + (number >>> 16)}.${(number >>> 8) & 255}.${number & 255}`;
    const fixed = ipv6 ? `fd00:2::${guest.toString(16)}` : `10.2.0.${guest}`;
    const incoming = number % 7 === 0;
    yield {
      protocol: number % 2 === 0 ? TCP : UDP,
      src: incoming ? remote : fixed,
      dst: incoming ? fixed : remote,
      srcPort: 1 + (number >>> 8),
      dstPort: 1 + (number % 5_000),
      ...(!ipv6 && !incoming && number % 11 === 0) && { snat: "203.0.113.77" },
    };
  }
}

/** Flows, and outbound numbers in the order of the specification. */
function flows(count: number, numbers: readonly number[]): FixedIpFlows {
  const [
    uniqueRemotes = 0,
    newRemotes = 0,
    flows = 0,
    maxFlowsSingleRemote = 0,
    uniqueDstPorts = 0,
    newDstPorts = 0,
    maxFlowsSingleDstPort = 0,
  ] = numbers;
  return {
    flows: count,
    outbound: {
      uniqueRemotes,
      newRemotes,
      flows,
      maxFlowsSingleRemote,
      uniqueDstPorts,
      newDstPorts,
      maxFlowsSingleDstPort,
    },
  };
}

function owner(uuid: string, ...ips: readonly string[]): FixedIpOwner {
  return { uuid, fixedIps: ips.map(address) };
}

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  assert.ok(parsed, text);
  return parsed;
}
