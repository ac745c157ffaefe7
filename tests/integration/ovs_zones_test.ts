import assert from "node:assert/strict";
import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import type { FixedIpOwner } from "../../lib/conntrack/flow_summary.ts";
import { ConntrackReader } from "../../lib/reading/conntrack_reader.ts";
import { ConntrackTable, type Entry, ICMP, TCP } from "./conntrack_entries.ts";
import { inNetworkNamespace } from "./conntrack_namespace.ts";
import { WatchedOvsdb } from "./ovs_watched.ts";
import { OvsdbServer } from "./ovsdb_server.ts";

const PORT_A = "aaaaaaaa-0000-4000-8000-000000000001";
const PORT_B = "bbbbbbbb-0000-4000-8000-000000000002";
const SHARED = parseIpAddress("10.0.0.5") ?? assert.fail();

Deno.test("OvsWatch follows a real ovsdb-server through changes, a stall and restarts", async () => {
  await using server = await OvsdbServer.start();
  await server.setZones({ [PORT_A]: "7", "5b1d_snat": "8" });
  await using watched = new WatchedOvsdb(server.socket, 300);
  await watched.sees({ "5b1d_snat": 8, [PORT_A]: 7 });
  await server.vsctl("set", "bridge", "br-ex", `external_ids:ct-zone-${PORT_B}=9`);
  await watched.sees({ "5b1d_snat": 8, [PORT_A]: 7, [PORT_B]: 9 });
  await server.vsctl("del-br", "br-ex");
  await server.setZones({ "5b1d_snat": "" });
  await watched.sees({ [PORT_A]: 7 });

  await server.end();
  await watched.sees(null);
  await server.serve();
  await watched.sees({ [PORT_A]: 7 });

  Deno.kill(server.pid, "SIGSTOP");
  await watched.sees(null);
  Deno.kill(server.pid, "SIGCONT");
  await watched.sees({ [PORT_A]: 7 });
  assert.ok(watched.log.includes("Open vSwitch's database cannot be followed"));
});

Deno.test("a real connection in the zones of a router's SNAT and DNAT counts once for a port without a zone", async () => {
  await using server = await OvsdbServer.start();
  await server.setZones({ [PORT_A]: "7", "neutron-5b1d_dnat": "8", "neutron-5b1d_snat": "9" });
  await using watched = new WatchedOvsdb(server.socket);
  const zones = await watched.sees({ [PORT_A]: 7, "neutron-5b1d_dnat": 8, "neutron-5b1d_snat": 9 });
  const guest = { protocol: TCP, src: SHARED.text, srcPort: 40_000, dst: "198.51.100.1" };
  const remote = { protocol: TCP, src: "198.51.100.9", srcPort: 50_000, dstPort: 22 };
  const counted = inNetworkNamespace(() => {
    using table = new ConntrackTable();
    table.create([
      { ...guest, dstPort: 443, zone: 8 },
      { ...guest, dstPort: 443, zone: 9, snat: "203.0.113.7" },
      // Through its floating IP.
      { ...remote, dst: "203.0.113.5", dnat: SHARED.text, zone: 8 },
      { ...remote, dst: SHARED.text, zone: 9, snat: "203.0.113.7" },
      // Two pings, which have ids in the place of ports.
      { protocol: ICMP, src: SHARED.text, srcPort: 1, dst: "198.51.100.1", zone: 8 },
      { protocol: ICMP, src: SHARED.text, srcPort: 1, dst: "198.51.100.1", zone: 9 },
      { protocol: ICMP, src: SHARED.text, srcPort: 2, dst: "198.51.100.1", zone: 9 },
    ]);
    using libc = openLibc();
    using reader = new ConntrackReader({
      outbound: true,
      inbound: true,
      open: () => openConntrackSocket(libc),
    });
    const owners = [{ uuid: "a", fixedIps: [SHARED], ports: [[PORT_B]] }];
    return [zones, undefined].map((zones) => {
      const reading = reader.read(owners, { zones });
      assert.ok(reading.ok);
      const [seen] = reading.summary.byInstance.get("a") ?? [];
      return [seen?.flows, seen?.outbound?.flows, seen?.inbound?.flows];
    });
  });
  assert.deepEqual(counted, [[4, 3, 1], [7, 5, 2]]);
});

Deno.test("real entries of two tenants with one address count for the one whose zone they are in", async () => {
  await using server = await OvsdbServer.start();
  await server.setZones({ [PORT_A]: "7", [PORT_B]: "8", "5b1d_snat": "9" });
  await using watched = new WatchedOvsdb(server.socket);
  const zones = await watched.sees({ "5b1d_snat": 9, [PORT_A]: 7, [PORT_B]: 8 });
  const owners: readonly FixedIpOwner[] = [
    { uuid: "a", fixedIps: [SHARED], ports: [[PORT_A]] },
    { uuid: "b", fixedIps: [SHARED], ports: [[PORT_B]] },
  ];
  const out = (dst: string, zone: number, more: Partial<Entry> = {}): Entry => ({
    protocol: TCP,
    src: SHARED.text,
    dst,
    srcPort: 40_000,
    dstPort: 443,
    zone,
    ...more,
  });
  const [told, untold] = inNetworkNamespace(() => {
    using table = new ConntrackTable();
    table.create([
      out("198.51.100.1", 7),
      out("198.51.100.2", 7),
      // The same connection in the router's zone, where its source is translated, and in no zone.
      out("198.51.100.2", 9, { snat: "203.0.113.7" }),
      out("198.51.100.2", 0),
      out("198.51.100.1", 8),
    ]);
    using libc = openLibc();
    using reader = new ConntrackReader({ outbound: true, open: () => openConntrackSocket(libc) });
    return [zones, undefined].map((zones) => {
      const reading = reader.read(owners, { zones });
      assert.ok(reading.ok);
      const { ambiguousFixedIps, byInstance } = reading.summary;
      const counts = [...byInstance.values()].flat();
      return [
        ambiguousFixedIps,
        counts.map(({ flows, outbound }) => [flows, outbound?.uniqueRemotes]),
      ];
    });
  });
  assert.deepEqual(told, [0, [[2, 2], [1, 1]]]);
  assert.deepEqual(untold, [1, [[5, 2], [5, 2]]]);
});
