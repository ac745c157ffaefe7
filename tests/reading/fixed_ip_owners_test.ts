import assert from "node:assert/strict";
import type { DomainsReading, InstanceReading } from "../../lib/collectors/cycle.ts";
import { FlowAggregator } from "../../lib/conntrack/flow_aggregator.ts";
import { fixedIpOwners } from "../../lib/reading/fixed_ip_owners.ts";
import { describe, fixedIps, reading, UUID } from "../collectors/readings.ts";
import { toRecord } from "../conntrack/naive_aggregation.ts";
import { listedIn } from "../conntrack/naive_threats.ts";

const [FIXED_IP, REMOTE] = fixedIps("10.0.0.1", "198.51.100.66");
assert.ok(FIXED_IP && REMOTE);
const INSTANCE = reading({
  description: describe({ fixedIps: [FIXED_IP], fixedIpPorts: [["port-1"]] }),
});

function listing(listed: readonly string[], ...instances: InstanceReading[]): DomainsReading {
  return {
    ok: true,
    listDurationMs: 0,
    statsAtMs: 0,
    listed: new Set(listed),
    instances,
    domainErrors: listed.length - instances.length,
  };
}

const OWNED = [{ uuid: UUID, fixedIps: [FIXED_IP], ports: [["port-1"]] }];

Deno.test("fixedIpOwners keeps the addresses of listed domains that cannot be described", () => {
  assert.deepEqual(fixedIpOwners(listing([UUID], INSTANCE), []), OWNED);
  assert.deepEqual(fixedIpOwners(listing([UUID]), OWNED), OWNED);
  assert.deepEqual(fixedIpOwners(listing([UUID]), []), [{ uuid: UUID, fixedIps: [] }]);
  assert.deepEqual(fixedIpOwners({ ok: false, listDurationMs: 0 }, OWNED), OWNED);
  assert.deepEqual(fixedIpOwners(listing([]), OWNED), []);
});

Deno.test("fixedIpOwners lets the sums of contacts go on over a description that failed once", () => {
  const aggregator = new FlowAggregator({
    outbound: false,
    threats: { directions: ["out"], mostFresh: 9, mostFreshOfEach: 9 },
  });
  const flow = {
    src: FIXED_IP.words,
    dst: REMOTE.words,
    replySrc: REMOTE.words,
    replyDst: FIXED_IP.words,
    dstPort: 443,
  };
  let owners = fixedIpOwners(listing([]), []);
  const cycles = [listing([UUID], INSTANCE), listing([UUID]), listing([UUID], INSTANCE)];
  const seen = cycles.map((domains) => {
    owners = fixedIpOwners(domains, owners);
    aggregator.begin(owners, { listed: listedIn([new Set([REMOTE.text])]) });
    aggregator.flow(toRecord(flow));
    const { threats } = aggregator.commit();
    return [threats?.byInstance.get(UUID)?.[0]?.total, threats?.fresh.length];
  });
  assert.deepEqual(seen, [[1, 1], [2, 0], [3, 0]]);
});
