import assert from "node:assert/strict";
import fc from "fast-check";
import { fromWords, parseIpAddress } from "../../lib/address/ip_address.ts";
import { FlowAggregator } from "../../lib/conntrack/flow_aggregator.ts";
import type { FixedIpOwner, FlowSummary } from "../../lib/conntrack/flow_summary.ts";
import type { PortZones } from "../../lib/conntrack/port_zones.ts";
import { NaiveAggregation, type TestFlow, toRecord } from "./naive_aggregation.ts";
import { listedIn } from "./naive_threats.ts";

const SEED = 20_263;

function words(text: string) {
  const address = parseIpAddress(text);
  assert.ok(address, text);
  return address.words;
}

function owner(uuid: string, ...ips: string[]): FixedIpOwner {
  return { uuid, fixedIps: ips.map((ip) => fromWords(words(ip))) };
}

/** A flow; `nat` replaces the reply's source (DNAT) or destination (SNAT). */
function flow(src: string, dst: string, port = 443, nat: { snat?: string; dnat?: string } = {}) {
  return {
    src: words(src),
    dst: words(dst),
    replySrc: words(nat.dnat ?? dst),
    replyDst: words(nat.snat ?? src),
    dstPort: port,
  };
}

function read(
  aggregator: FlowAggregator,
  owners: readonly FixedIpOwner[],
  flows: readonly TestFlow[],
  zones?: PortZones,
): FlowSummary {
  aggregator.begin(owners, { zones });
  for (const each of flows) aggregator.flow(toRecord(each));
  return aggregator.commit();
}

/** Flows of each fixed IP in order, and its outbound numbers in the order of the specification. */
function numbers(summary: FlowSummary, uuid: string): number[][] {
  return (summary.byInstance.get(uuid) ?? []).map(({ flows, outbound }) => [
    flows,
    ...outbound === undefined ? [] : [
      outbound.uniqueRemotes,
      outbound.newRemotes,
      outbound.flows,
      outbound.maxFlowsSingleRemote,
      outbound.uniqueDstPorts,
      outbound.newDstPorts,
      outbound.maxFlowsSingleDstPort,
    ],
  ]);
}

const A = owner("a", "10.0.0.1", "fd00::1");

const CASES: readonly [title: string, flow: TestFlow, expected: number[][]][] = [
  ["a flow that goes out", flow("10.0.0.1", "8.8.8.8"), [[1, 1, 1, 1, 1, 1, 1, 1], [
    ...[0, 0, 0, 0, 0, 0, 0, 0],
  ]]],
  ["a flow that comes in", flow("8.8.8.8", "10.0.0.1"), [[1, 0, 0, 0, 0, 0, 0, 0], [
    ...[0, 0, 0, 0, 0, 0, 0, 0],
  ]]],
  ["IPv6 and no port", flow("fd00::1", "2001:db8::1", 0), [[0, 0, 0, 0, 0, 0, 0, 0], [
    ...[1, 1, 1, 1, 1, 0, 0, 0],
  ]]],
  ["SNAT of the guest", flow("10.0.0.1", "8.8.8.8", 1, { snat: "192.0.2.1" }), [[
    ...[1, 1, 1, 1, 1, 1, 1, 1],
  ], [0, 0, 0, 0, 0, 0, 0, 0]]],
  ["DNAT to the guest", flow("8.8.8.8", "192.0.2.1", 1, { dnat: "10.0.0.1" }), [[
    ...[1, 0, 0, 0, 0, 0, 0, 0],
  ], [0, 0, 0, 0, 0, 0, 0, 0]]],
  ["SNAT to the fixed IP", flow("172.16.0.1", "8.8.8.8", 1, { snat: "10.0.0.1" }), [[
    ...[1, 0, 0, 0, 0, 0, 0, 0],
  ], [0, 0, 0, 0, 0, 0, 0, 0]]],
  ["a flow to itself", flow("10.0.0.1", "10.0.0.1"), [[1, 0, 0, 0, 0, 0, 0, 0], [
    ...[0, 0, 0, 0, 0, 0, 0, 0],
  ]]],
  ["a flow to itself through NAT", flow("10.0.0.1", "192.0.2.1", 1, { dnat: "10.0.0.1" }), [[
    ...[1, 0, 0, 0, 0, 0, 0, 0],
  ], [0, 0, 0, 0, 0, 0, 0, 0]]],
  ["a flow of others", flow("10.0.0.2", "8.8.8.8"), [[0, 0, 0, 0, 0, 0, 0, 0], [
    ...[0, 0, 0, 0, 0, 0, 0, 0],
  ]]],
];

for (const [title, one, expected] of CASES) {
  Deno.test(`FlowAggregator counts ${title}`, () => {
    const summary = read(new FlowAggregator({ outbound: true }), [A], [one]);
    assert.deepEqual(numbers(summary, "a"), expected);
  });
}

Deno.test("FlowAggregator counts an ambiguous address for each owner, outbound by its own fixed IPs", () => {
  const owners = [owner("a", "10.0.0.1", "10.0.0.9"), owner("b", "10.0.0.1")];
  const summary = read(new FlowAggregator({ outbound: true }), owners, [
    flow("10.0.0.1", "10.0.0.9"),
  ]);
  assert.equal(summary.ambiguousFixedIps, 1);
  assert.deepEqual(numbers(summary, "a"), [[1, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0]]);
  assert.deepEqual(numbers(summary, "b"), [[1, 1, 1, 1, 1, 1, 1, 1]]);
});

/** Two tenants' instances with the same address, each with a port of its own. */
const TWINS: readonly FixedIpOwner[] = [
  { ...owner("a", "10.0.0.1"), ports: [["port-a"]] },
  { ...owner("b", "10.0.0.1"), ports: [["port-b"]] },
];

Deno.test("FlowAggregator tells equal addresses apart by the zones of their ports", () => {
  const aggregator = new FlowAggregator({ outbound: true });
  const zones = new Map([["port-a", 5], ["port-b", 6]]);
  const connection = flow("10.0.0.1", "8.8.8.8");
  const summary = read(aggregator, TWINS, [
    { ...connection, zone: 5 },
    // The same connection after it passed a router's zone, and in the host's own zone.
    { ...connection, zone: 40 },
    connection,
    { ...flow("9.9.9.9", "10.0.0.1"), zone: 6 },
    { ...flow("10.0.0.1", "9.9.9.9"), zone: 6 },
  ], zones);
  assert.equal(summary.ambiguousFixedIps, 0);
  assert.deepEqual(numbers(summary, "a"), [[1, 1, 1, 1, 1, 1, 1, 1]]);
  assert.deepEqual(numbers(summary, "b"), [[2, 1, 1, 1, 1, 1, 1, 1]]);
});

Deno.test("FlowAggregator counts a flow between two guests once for each, whatever zones it passed", () => {
  const zones = new Map([["port-a", 5], ["port-c", 7]]);
  const owners = [TWINS[0]!, { ...owner("c", "10.0.0.3"), ports: [["port-c"]] }];
  const between = flow("10.0.0.1", "10.0.0.3");
  const summary = read(new FlowAggregator({ outbound: false }), owners, [
    { ...between, zone: 5 },
    { ...between, zone: 7 },
    { ...between, zone: 12 },
  ], zones);
  assert.deepEqual([numbers(summary, "a"), numbers(summary, "c")], [[[1]], [[1]]]);
});

Deno.test("FlowAggregator counts a connection in several routers' zones once where addresses tell", () => {
  const zones = new Map([["port-z", 5], ["router_dnat", 40], ["router_snat", 41]]);
  const out = flow("10.0.0.1", "8.8.8.8");
  const back = flow("10.0.0.1", "192.0.2.80", 443, { dnat: "10.9.0.9" });
  const floating = flow("9.9.9.9", "203.0.113.5", 443, { dnat: "10.0.0.1" });
  const entries: TestFlow[] = [
    { ...out, zone: 40 },
    { ...flow("10.0.0.1", "8.8.8.8", 443, { snat: "203.0.113.1" }), zone: 41 },
    // Another connection to the same service, in one zone only.
    { ...out, zone: 41, srcPort: 1 },
    // To a load balancer: in the other zone its member is the destination.
    { ...back, zone: 40 },
    { ...flow("10.0.0.1", "10.9.0.9"), zone: 41 },
    // To its floating IP.
    { ...floating, zone: 40 },
    { ...flow("9.9.9.9", "10.0.0.1"), zone: 41 },
    // The same numbers of another protocol.
    { ...out, zone: 0, protocol: 17 },
  ];
  const counted = (known: PortZones | undefined) => {
    const aggregator = new FlowAggregator({ outbound: true, inbound: true });
    const summary = read(aggregator, [owner("a", "10.0.0.1")], entries, known);
    const [seen] = summary.byInstance.get("a") ?? [];
    return [seen?.flows, seen?.outbound?.flows, seen?.inbound?.flows];
  };
  assert.deepEqual(counted(zones), [5, 4, 1]);
  // Where no zones are known, nobody can tell.
  assert.deepEqual([counted(undefined), counted(new Map())], [[8, 6, 2], [8, 6, 2]]);
});

Deno.test("FlowAggregator goes by address where a port has no zone, or one that never had a flow", () => {
  const aggregator = new FlowAggregator({ outbound: false });
  const owners = [TWINS[0]!, owner("c", "10.0.0.3")];
  const zones = new Map([["port-a", 5]]);
  const flows = ["10.0.0.1", "10.0.0.3"].map((ip) => ({ ...flow(ip, "8.8.8.8"), zone: 40 }));
  const counted = (more: TestFlow[] = []) => {
    const summary = read(aggregator, owners, [...flows, ...more], zones);
    return [numbers(summary, "a"), numbers(summary, "c"), summary.ambiguousFixedIps];
  };
  assert.deepEqual(counted(), [[[0]], [[1]], 0]);
  assert.deepEqual(counted(), [[[1]], [[1]], 0]);
  assert.deepEqual(counted([{ ...flow("10.0.0.1", "9.9.9.9"), zone: 5 }]), [[[1]], [[1]], 0]);
  // Once it had one, no other zone counts for it any more.
  assert.deepEqual(counted(), [[[0]], [[1]], 0]);
});

Deno.test("FlowAggregator never counts a shared address by itself where its port has a zone", () => {
  const aggregator = new FlowAggregator({
    outbound: true,
    traffic: true,
    threats: { directions: ["any"], mostFresh: 9, mostFreshOfEach: 9 },
  });
  const counted = (zones: PortZones) => {
    aggregator.begin(TWINS, { zones, listed: listedIn([new Set(["8.8.8.8"])]) });
    for (const zone of [5, 40, 0]) {
      aggregator.flow(toRecord({ ...flow("10.0.0.1", "8.8.8.8"), zone }));
    }
    const { ambiguousFixedIps, byInstance, threats } = aggregator.commit();
    const flows = ["a", "b"].map((uuid) => byInstance.get(uuid)?.[0]?.flows);
    return [...flows, threats?.byInstance.has("b"), ambiguousFixedIps];
  };
  const zones = new Map([["port-a", 5], ["port-b", 6], ["router_snat", 40]]);
  // However long the one has no flow, the other's in the zones of routers are none of its.
  for (let interval = 0; interval < 3; interval++) {
    assert.deepEqual(counted(zones), [1, 0, false, 0], `interval ${interval}`);
  }
  // As long as neither has any flow there, both may be tracked in those of routers.
  const idle = new FlowAggregator({ outbound: false });
  const elsewhere = [{ ...flow("10.0.0.1", "8.8.8.8"), zone: 40 }];
  const seen = [elsewhere, elsewhere, []].map((flows) => {
    const summary = read(idle, TWINS, flows, zones);
    return [...["a", "b"].flatMap((uuid) => numbers(summary, uuid)), summary.ambiguousFixedIps];
  });
  assert.deepEqual(seen, [[[0], [0], 0], [[1], [1], 1], [[0], [0], 0]]);
  // Without a zone it goes by address, and nothing tells the other's flows in routers' zones from its own.
  zones.delete("port-b");
  assert.deepEqual(counted(zones), [1, 1, true, 1]);
});

Deno.test("FlowAggregator gives nobody a flow in the zone of a port that no instance here has", () => {
  const zones = new Map([["port-x", 9], ["router_snat", 40]]);
  const aggregator = new FlowAggregator({ outbound: false });
  const summary = read(aggregator, [owner("a", "10.0.0.1")], [
    { ...flow("10.0.0.1", "8.8.8.8"), zone: 9 },
    { ...flow("10.0.0.1", "9.9.9.9"), zone: 40 },
  ], zones);
  assert.deepEqual(numbers(summary, "a"), [[1]]);
});

Deno.test("FlowAggregator goes by address again once a port's zone has been silent for long", () => {
  // Only its own tenant has this address; the other is shared.
  const owners = [
    { ...owner("a", "10.0.0.1", "10.0.0.2"), ports: [["port-a"], ["port-a"]] },
    owner("b", "10.0.0.2"),
  ];
  const zones = new Map([["port-a", 5]]);
  const tracked = ["10.0.0.1", "10.0.0.2"].map((ip) => ({ ...flow(ip, "8.8.8.8"), zone: 5 }));
  const elsewhere = tracked.map((each) => ({ ...each, zone: 40 }));
  const aggregator = new FlowAggregator({ outbound: false });
  const counted = (flows: TestFlow[]) =>
    numbers(read(aggregator, owners, flows, zones), "a").flat();
  assert.deepEqual(counted([...tracked, ...elsewhere]), [1, 1]);
  for (let interval = 0; interval < 29; interval++) assert.deepEqual(counted(elsewhere), [0, 0]);
  assert.deepEqual([counted(tracked), counted(elsewhere)], [[1, 1], [0, 0]]);
  // The tenant has switched the security of the port off.
  for (let interval = 0; interval < 29; interval++) counted(elsewhere);
  assert.deepEqual(counted(elsewhere), [1, 0]);
  assert.deepEqual([counted(tracked), counted(tracked)], [[0, 1], [1, 1]]);
});

Deno.test("FlowAggregator takes an instance's address in another port's zone for its own", () => {
  const owners = [{ ...owner("a", "10.0.0.1", "10.9.0.1"), ports: [["port-a"], ["port-x"]] }];
  const zones = new Map([["port-a", 5], ["port-x", 6]]);
  const summary = read(new FlowAggregator({ outbound: true }), owners, [
    { ...flow("10.0.0.1", "10.9.0.1"), zone: 5 },
    { ...flow("10.0.0.1", "192.0.2.1", 443, { dnat: "10.9.0.1" }), zone: 5 },
  ], zones);
  assert.deepEqual(numbers(summary, "a"), [[2, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0]]);
});

Deno.test("FlowAggregator counts inbound behaviour as the mirror image of outbound", () => {
  const aggregator = new FlowAggregator({ outbound: false, inbound: true, kinds: true });
  const summary = read(aggregator, [owner("a", "10.0.0.1", "10.0.0.9")], [
    flow("8.8.8.8", "10.0.0.1", 22),
    { ...flow("8.8.8.8", "192.0.2.1", 80, { dnat: "10.0.0.1" }), status: 2 },
    { ...flow("8.8.4.4", "10.0.0.1", 0), protocol: 1 },
    // Its own.
    flow("10.0.0.9", "10.0.0.1"),
    { ...flow("10.0.0.1", "9.9.9.9"), protocol: 47 },
  ]);
  assert.deepEqual(summary.byInstance.get("a")?.[0], {
    flows: 5,
    inbound: {
      uniqueRemotes: 2,
      newRemotes: 2,
      flows: 3,
      maxFlowsSingleRemote: 2,
      uniqueDstPorts: 2,
      newDstPorts: 2,
      maxFlowsSingleDstPort: 1,
    },
    kinds: { out: 1, in: 4, tcp: 3, udp: 0, icmp: 1, other: 1, unreplied: 4 },
  });
});

Deno.test("FlowAggregator leaves outbound behaviour out where it is switched off", () => {
  const summary = read(new FlowAggregator({ outbound: false }), [A], [
    flow("10.0.0.1", "8.8.8.8"),
  ]);
  assert.deepEqual([...summary.byInstance], [["a", [{ flows: 1 }, { flows: 0 }]]]);
});

Deno.test("FlowAggregator calls new what the last interval committed did not have", () => {
  const aggregator = new FlowAggregator({ outbound: true });
  const out = (remote: string, port: number) => flow("10.0.0.1", remote, port);
  const newOnes = (flows: TestFlow[], owners = [A]) => {
    const row = numbers(read(aggregator, owners, flows), "a")[0] ?? [];
    return [row[2], row[6]];
  };
  assert.deepEqual(newOnes([out("8.8.8.8", 1), out("8.8.4.4", 2)]), [2, 2]);
  aggregator.begin([A]);
  aggregator.flow(toRecord(out("9.9.9.9", 3)));
  aggregator.abort();
  assert.deepEqual(newOnes([out("8.8.8.8", 1), out("9.9.9.9", 3)]), [1, 1]);
  assert.deepEqual(newOnes([out("8.8.4.4", 2), out("9.9.9.9", 3)]), [1, 1]);
  assert.deepEqual(newOnes([], []), [undefined, undefined]);
  assert.deepEqual(newOnes([out("8.8.4.4", 2)]), [1, 1]);
});

Deno.test("FlowAggregator agrees with the naive model over intervals, aborts, zones and changing owners", () => {
  const pool = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2", "8.8.8.8", "2001:db8::8"];
  const address = fc.constantFrom(...pool).map(words);
  const anyFlow: fc.Arbitrary<TestFlow> = fc.record({
    src: address,
    dst: address,
    replySrc: address,
    replyDst: address,
    dstPort: fc.constantFrom(0, 53, 443),
    srcPort: fc.constantFrom(0, 40_000, 40_001),
    zone: fc.constantFrom(0, 1, 2, 3, 4, 5, 9),
    protocol: fc.constantFrom(1, 6, 17, 47, 58, 255),
    status: fc.constantFrom(0, 2, 0x18e),
    nat: fc.constantFrom("none", "snat", "dnat", "both"),
  }).map(({ nat, ...each }) => ({
    ...each,
    replySrc: nat === "dnat" || nat === "both" ? each.replySrc : each.dst,
    replyDst: nat === "snat" || nat === "both" ? each.replyDst : each.src,
  }));
  const ports = ["p1", "p2", "p3"];
  const ip = fc.tuple(fc.constantFrom(...pool.slice(0, 6)), fc.subarray(ports));
  const ips = fc.uniqueArray(ip, { maxLength: 4, selector: ([text]) => text });
  const owners = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), ips), {
    maxLength: 3,
    selector: ([uuid]) => uuid,
  }).map((list) =>
    list.map(([uuid, texts]): FixedIpOwner => ({
      ...owner(uuid, ...texts.map(([text]) => text)),
      ports: texts.map(([, ports]) => ports),
    }))
  );
  const named = [...ports, "elsewhere", "r_snat"];
  const zones = fc.option(
    fc.subarray(named).map((list) => new Map(list.map((name) => [name, 1 + named.indexOf(name)]))),
    { nil: undefined },
  );
  const interval = fc.record({
    owners,
    zones,
    flows: fc.array(anyFlow, { maxLength: 300, size: "max" }),
    aborted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 5 }), (intervals) => {
      const aggregator = new FlowAggregator({ outbound: true, inbound: true, kinds: true });
      const naive = new NaiveAggregation();
      for (const each of intervals) {
        if (each.aborted) {
          aggregator.begin(each.owners, { zones: each.zones });
          for (const one of each.flows) aggregator.flow(toRecord(one));
          aggregator.abort();
        } else {
          assert.deepEqual(
            read(aggregator, each.owners, each.flows, each.zones),
            naive.interval(each.owners, each.flows, each.zones),
          );
        }
      }
    }),
    { seed: SEED, numRuns: 150 },
  );
});
