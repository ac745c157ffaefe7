import assert from "node:assert/strict";
import fc from "fast-check";
import { fromWords, parseIpAddress } from "../../lib/address/ip_address.ts";
import { FlowAggregator } from "../../lib/conntrack/flow_aggregator.ts";
import type { FixedIpOwner, FlowSummary } from "../../lib/conntrack/flow_summary.ts";
import { anyFlow } from "./any_flow.ts";
import { NaiveAggregation, type TestFlow, toRecord } from "./naive_aggregation.ts";

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
): FlowSummary {
  aggregator.begin(owners);
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

Deno.test("FlowAggregator agrees with the naive model over intervals, aborts and changing owners", () => {
  const pool = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2", "8.8.8.8", "2001:db8::8"];
  const ips = fc.uniqueArray(fc.constantFrom(...pool.slice(0, 6)), { maxLength: 4 });
  const owners = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), ips), {
    maxLength: 3,
    selector: ([uuid]) => uuid,
  }).map((list) => list.map(([uuid, texts]) => owner(uuid, ...texts)));
  const interval = fc.record({
    owners,
    flows: fc.array(anyFlow(pool), { maxLength: 300, size: "max" }),
    aborted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 5 }), (intervals) => {
      const aggregator = new FlowAggregator({ outbound: true });
      const naive = new NaiveAggregation();
      for (const each of intervals) {
        if (each.aborted) {
          aggregator.begin(each.owners);
          for (const one of each.flows) aggregator.flow(toRecord(one));
          aggregator.abort();
        } else {
          assert.deepEqual(
            read(aggregator, each.owners, each.flows),
            naive.interval(each.owners, each.flows),
          );
        }
      }
    }),
    { seed: SEED, numRuns: 150 },
  );
});
