import assert from "node:assert/strict";
import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import type { FixedIpOwner, ThreatContacts } from "../../lib/conntrack/flow_summary.ts";
import { ConntrackReader, type ConntrackSource } from "../../lib/reading/conntrack_reader.ts";
import { hostAddresses } from "../../lib/reading/host_addresses.ts";
import { buildIndex } from "../../lib/threat/build_index.ts";
import { PrefixSetBuilder } from "../../lib/threat/prefix_set.ts";
import { ThreatIndex } from "../../lib/threat/threat_index.ts";
import { ConntrackTable, type Entry, TCP, UDP } from "./conntrack_entries.ts";
import { inNetworkNamespace } from "./conntrack_namespace.ts";

/** An address with its prefix's length. */
type Prefix = readonly [address: string, length: number];

function owner(uuid: string, ...ips: readonly string[]): FixedIpOwner {
  return { uuid, fixedIps: ips.map(address) };
}

function address(text: string) {
  const parsed = parseIpAddress(text);
  assert.ok(parsed, text);
  return parsed;
}

/** An index of some lists. */
function indexOf(...lists: readonly (readonly Prefix[])[]): ThreatIndex {
  return new ThreatIndex(buildIndex(lists.map((prefixes, bit) => {
    const builder = new PrefixSetBuilder();
    for (const [text, length] of prefixes) {
      const { family, words } = address(text);
      const width = family === "ipv4" ? 1 : 4;
      builder.add(width, Uint32Array.from(words), 4 - width, length);
    }
    return { bit, set: builder.build() };
  })));
}

let port = 1_000;

/** A TCP connection on a source port of its own. */
function tcp(src: string, dst: string, more: Partial<Entry> = {}): Entry {
  return { protocol: TCP, src, dst, srcPort: port++, dstPort: 443, ...more };
}

const WEB = owner("web", "10.1.0.5", "fd00:1::5");
const DATABASE = owner("database", "10.1.0.6");
const OUT = 0;
const IN = 1;
const ANY = 2;

/** Hits in the interval and their sum, on the lists that count out, in and any. */
function counts(contacts: ThreatContacts, uuid: string): readonly string[] | undefined {
  return contacts.byInstance.get(uuid)?.map(({ active, total }) => `${active}/${total}`);
}

Deno.test("real conntrack entries have known contacts, in and out, over intervals with a failed one", () => {
  inNetworkNamespace(() => {
    using table = new ConntrackTable();
    table.create([
      // Two connections and another protocol are one pair.
      tcp("10.1.0.5", "198.51.100.66"),
      tcp("10.1.0.5", "198.51.100.66", { dstPort: 80 }),
      tcp("10.1.0.5", "198.51.100.66", { protocol: UDP, dstPort: 53, zone: 9 }),
      // Out through SNAT, in through DNAT from a floating IP.
      tcp("10.1.0.6", "203.0.113.9", { snat: "192.0.2.6" }),
      tcp("203.0.113.77", "192.0.2.5", { dnat: "10.1.0.5", dstPort: 22 }),
      tcp("2001:db8:bad::1", "fd00:1::5"),
      tcp("fd00:1::5", "2001:db8:bad:ffff::2"),
      // On no list, and between others.
      tcp("10.1.0.6", "198.51.100.67"),
      tcp("192.0.2.1", "198.51.100.66"),
    ]);
    const listed: readonly Prefix[] = [
      ["198.51.100.66", 32],
      ["203.0.113.0", 24],
      ["2001:db8:bad::", 48],
    ];
    const index = indexOf(listed, listed, listed);
    using libc = openLibc();
    let fails = false;
    const open = (): ConntrackSource => {
      if (fails) throw new Error("Cannot open the socket: the test does not let it");
      return openConntrackSocket(libc);
    };
    using reader = new ConntrackReader({
      outbound: false,
      threats: { directions: ["out", "in", "any"], mostFresh: 100, mostFreshOfEach: 100 },
      open,
    });
    const read = () => {
      const reading = reader.read([WEB, DATABASE], { listed: index });
      assert.ok(reading.ok, reading.ok ? "" : reading.error.message);
      assert.ok(reading.summary.threats);
      return reading.summary.threats;
    };

    const first = read();
    assert.deepEqual(counts(first, "web"), ["2/2", "2/2", "4/4"]);
    assert.deepEqual(counts(first, "database"), ["1/1", "0/0", "1/1"]);
    const told = first.fresh.filter(({ list }) => list === ANY).map((contact) =>
      [
        contact.instance,
        contact.direction,
        contact.fixedIp.text,
        contact.remote.text,
        contact.dstPort,
      ].join(" ")
    );
    assert.deepEqual(
      told.toSorted().map((line) => line.replace(/66 (443|80|53)$/, "66 (any of three)")),
      [
        "database out 10.1.0.6 203.0.113.9 443",
        "web in 10.1.0.5 203.0.113.77 22",
        "web in fd00:1::5 2001:db8:bad::1 443",
        "web out 10.1.0.5 198.51.100.66 (any of three)",
        "web out fd00:1::5 2001:db8:bad:ffff::2 443",
      ],
    );

    table.create([tcp("203.0.113.78", "10.1.0.6")]);
    const second = read();
    assert.deepEqual(counts(second, "web"), ["2/4", "2/4", "4/8"]);
    assert.deepEqual(counts(second, "database"), ["1/2", "1/1", "2/3"]);
    assert.deepEqual(second.fresh.map(({ list, remote }) => `${list} ${remote.text}`), [
      `${IN} 203.0.113.78`,
      `${ANY} 203.0.113.78`,
    ]);

    fails = true;
    reader[Symbol.dispose]();
    assert.equal(reader.read([WEB, DATABASE], { listed: index }).ok, false);
    fails = false;
    const third = read();
    assert.deepEqual(counts(third, "web"), ["2/6", "2/6", "4/12"]);
    assert.deepEqual(counts(third, "database"), ["1/3", "1/2", "2/5"]);
    assert.deepEqual([third.fresh, third.leftOut], [[], [0, 0, 0]]);

    // A list that is read again counts from the next interval on.
    const changed = reader.read([WEB, DATABASE], {
      listed: indexOf([["198.51.100.67", 32]]),
    });
    assert.ok(changed.ok && changed.summary.threats);
    assert.deepEqual(counts(changed.summary.threats, "web"), ["0/6", "0/6", "0/12"]);
    assert.deepEqual(counts(changed.summary.threats, "database"), ["1/4", "0/2", "0/5"]);
    assert.deepEqual(changed.summary.threats.fresh.map(({ list }) => list), [OUT]);
  });
});

Deno.test("addresses of a real interface are the host's, those with a label of their own too", () => {
  inNetworkNamespace(() => {
    ip("link", "add", "bgp-nic", "type", "bridge");
    ip("link", "add", "other", "type", "bridge");
    ip("address", "add", "198.51.100.7/24", "dev", "bgp-nic");
    ip("address", "add", "198.51.100.8/32", "dev", "bgp-nic", "label", "bgp-nic:vip");
    ip("address", "add", "2001:db8::7/64", "dev", "bgp-nic");
    ip("address", "add", "10.9.9.9/24", "dev", "bgp-nic");
    ip("address", "add", "203.0.113.7/24", "dev", "other");
    const texts = (allowPrivate: boolean) =>
      hostAddresses(Deno.networkInterfaces(), { interfaces: ["bgp-nic"], allowPrivate })
        .map(({ text }) => text).toSorted();
    assert.deepEqual(texts(false), ["198.51.100.7", "198.51.100.8", "2001:db8::7"]);
    assert.deepEqual(texts(true), ["10.9.9.9", "198.51.100.7", "198.51.100.8", "2001:db8::7"]);
    ip("address", "del", "198.51.100.7/24", "dev", "bgp-nic");
    assert.ok(!texts(false).includes("198.51.100.7"));
  });
});

/** Runs ip(8) in the network namespace of this thread. */
function ip(...args: readonly string[]): void {
  const { success, stderr } = new Deno.Command("ip", { args: [...args] }).outputSync();
  assert.ok(success, `ip ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
