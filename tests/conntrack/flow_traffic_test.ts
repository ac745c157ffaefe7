import assert from "node:assert/strict";
import fc from "fast-check";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import {
  COUNTERS_SEEN,
  ENTRY_ID,
  ORIG_BYTES,
  ORIG_PACKETS,
  REPLY_BYTES,
  REPLY_PACKETS,
  ZONE,
} from "../../lib/conntrack/flow.ts";
import { FlowAggregator } from "../../lib/conntrack/flow_aggregator.ts";
import type { PortZones } from "../../lib/conntrack/port_zones.ts";
import { toRecord } from "./naive_aggregation.ts";

const SEED = 20_310;
const GUEST = parseIpAddress("10.0.0.1") ?? assert.fail();
const REMOTE = parseIpAddress("8.8.8.8") ?? assert.fail();
const OWNERS = [{ uuid: "a", fixedIps: [GUEST] }];

/** A flow's counters at one moment. */
interface Counted {
  readonly id: number;
  readonly isOut: boolean;
  readonly bytes: readonly [orig: number, reply: number];
  readonly packets: readonly [orig: number, reply: number];
}

function record({ id, isOut, bytes, packets }: Counted) {
  const [src, dst] = isOut ? [GUEST, REMOTE] : [REMOTE, GUEST];
  const flow = toRecord({
    src: src.words,
    dst: dst.words,
    replySrc: dst.words,
    replyDst: src.words,
    dstPort: id,
  });
  flow[ENTRY_ID] = id;
  flow[COUNTERS_SEEN] = 1;
  const set = (at: number, value: number) => {
    flow[at] = Math.floor(value / 2 ** 32);
    flow[at + 1] = value % 2 ** 32;
  };
  set(ORIG_BYTES, bytes[0]);
  set(REPLY_BYTES, bytes[1]);
  set(ORIG_PACKETS, packets[0]);
  set(REPLY_PACKETS, packets[1]);
  return flow;
}

/** The first interval of fixed IPs, from which on their traffic counts. */
function readNothing(aggregator: FlowAggregator): void {
  aggregator.begin(OWNERS);
  aggregator.commit();
}

Deno.test("FlowAggregator adds up the traffic of flows that grow, end and come, over aborts too", () => {
  const growth = fc.record({
    flow: fc.nat(400),
    origBytes: fc.nat({ max: 2 ** 40 }),
    replyBytes: fc.nat({ max: 2 ** 34 }),
    origPackets: fc.nat(1000),
    replyPackets: fc.nat({ max: 2 ** 31 }),
  });
  const interval = fc.record({
    growths: fc.array(growth, { maxLength: 400, size: "max" }),
    ended: fc.array(fc.nat(400), { maxLength: 200, size: "max" }),
    isAborted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 8 }), (intervals) => {
      const aggregator = new FlowAggregator({ outbound: false, traffic: true });
      const living = new Map<number, Counted>();
      let nextId = 1000;
      const expected = { sentBytes: 0, sentPackets: 0, receivedBytes: 0, receivedPackets: 0 };
      readNothing(aggregator);
      for (const { growths, ended, isAborted } of intervals) {
        for (const flow of ended) living.delete(flow);
        for (const each of growths) {
          const isOut = each.flow % 3 !== 0;
          const before = living.get(each.flow) ??
            { id: nextId++, isOut, bytes: [0, 0], packets: [0, 0] } as const;
          living.set(each.flow, {
            ...before,
            bytes: [before.bytes[0] + each.origBytes, before.bytes[1] + each.replyBytes],
            packets: [
              before.packets[0] + each.origPackets,
              (before.packets[1] + each.replyPackets) % 2 ** 32,
            ],
          });
          expected.sentBytes += isOut ? each.origBytes : each.replyBytes;
          expected.sentPackets += isOut ? each.origPackets : each.replyPackets;
          expected.receivedBytes += isOut ? each.replyBytes : each.origBytes;
          expected.receivedPackets += isOut ? each.replyPackets : each.origPackets;
        }
        aggregator.begin(OWNERS);
        for (const counted of living.values()) aggregator.flow(record(counted));
        if (isAborted) aggregator.abort();
        else {
          const [seen] = aggregator.commit().byInstance.get("a") ?? [];
          assert.deepEqual(
            [seen?.traffic?.sentBytes, seen?.traffic?.receivedBytes],
            [expected.sentBytes, expected.receivedBytes],
          );
        }
      }
    }),
    { seed: SEED, numRuns: 100 },
  );
});

Deno.test("FlowAggregator counts an entry anew whose counters went back, and packets past 2^32", () => {
  const aggregator = new FlowAggregator({ outbound: false, traffic: true });
  const read = (bytes: number, packets: number) => {
    aggregator.begin(OWNERS);
    aggregator.flow(record({ id: 7, isOut: true, bytes: [bytes, 0], packets: [packets, 0] }));
    const [seen] = aggregator.commit().byInstance.get("a") ?? [];
    return [seen?.traffic?.sentBytes, seen?.traffic?.sentPackets];
  };
  readNothing(aggregator);
  assert.deepEqual(read(100, 2 ** 32 - 1), [100, 2 ** 32 - 1]);
  assert.deepEqual(read(150, 2 ** 32 + 1), [150, 2 ** 32 + 1]);
  assert.deepEqual(read(40, 1), [190, 2 ** 32 + 2]);
});

Deno.test("FlowAggregator forgets the traffic of an instance that is gone", () => {
  const aggregator = new FlowAggregator({ outbound: false, traffic: true });
  const counted = { id: 7, isOut: true, bytes: [100, 50], packets: [2, 1] } as const;
  const read = (owners: typeof OWNERS) => {
    aggregator.begin(owners);
    aggregator.flow(record(counted));
    return aggregator.commit().byInstance.get("a")?.[0]?.traffic;
  };
  readNothing(aggregator);
  const once = { sentBytes: 100, sentPackets: 2, receivedBytes: 50, receivedPackets: 1 };
  assert.deepEqual([read(OWNERS), read(OWNERS), read([])], [once, once, undefined]);
});

/** Bytes that were sent after one interval with these flows. */
function sentAfter(
  aggregator: FlowAggregator,
  flows: readonly (readonly [id: number, bytes: number])[],
  options: { readonly isAborted?: boolean; readonly zones?: PortZones | undefined } = {},
): number | undefined {
  aggregator.begin([{ uuid: "a", fixedIps: [GUEST], ports: [["port"]] }], {
    zones: options.zones,
  });
  for (const [id, bytes] of flows) {
    const flow = record({ id, isOut: true, bytes: [bytes, 0], packets: [1, 0] });
    flow[ZONE] = id;
    aggregator.flow(flow);
  }
  if (options.isAborted) return void aggregator.abort();
  return aggregator.commit().byInstance.get("a")?.[0]?.traffic?.sentBytes;
}

Deno.test("FlowAggregator counts no traffic from before it first saw the fixed IP, over aborts too", () => {
  const aggregator = new FlowAggregator({ outbound: false, traffic: true });
  // The aborted dump had not come to the second flow.
  assert.equal(sentAfter(aggregator, [[1, 1000]], { isAborted: true }), undefined);
  assert.equal(sentAfter(aggregator, [[1, 1100], [2, 5000]]), 100);
  assert.equal(sentAfter(aggregator, [[1, 1150], [2, 5001], [3, 7]]), 158);
});

Deno.test("FlowAggregator's traffic does not jump when zones are lost or found", () => {
  const aggregator = new FlowAggregator({ outbound: false, traffic: true });
  const zones = new Map([["port", 1]]);
  assert.equal(sentAfter(aggregator, [[1, 10], [2, 1000]], { zones }), 0);
  assert.equal(sentAfter(aggregator, [[1, 15], [2, 1000]], { zones }), 5);
  // Zone 2 is a router's, which has the same once more: only now does it count.
  assert.equal(sentAfter(aggregator, [[1, 20], [2, 1005]]), 10);
  assert.equal(sentAfter(aggregator, [[1, 21], [2, 1006]]), 12);
  assert.equal(sentAfter(aggregator, [[1, 31], [2, 1016]], { zones }), 22);
  assert.equal(sentAfter(aggregator, [[1, 32], [2, 1017]], { zones }), 23);
});

Deno.test("FlowAggregator counts all that the first flows of a zone carried, and the first after a silence", () => {
  const aggregator = new FlowAggregator({ outbound: false, traffic: true });
  const zones = new Map([["port", 1]]);
  // The same connection is in a router's zone too, of which it counts nothing then.
  const burst = [[1, 1000], [2, 1000]] as const;
  const after = (flows: readonly (readonly [number, number])[]) =>
    sentAfter(aggregator, flows, { zones });
  for (let interval = 0; interval < 3; interval++) assert.equal(after([]), 0);
  assert.deepEqual([after(burst), after(burst)], [1000, 1000]);
  for (let interval = 0; interval < 40; interval++) assert.equal(after([]), 1000);
  assert.equal(after([[1, 500]]), 1500, "in its zone alone");
});

Deno.test("FlowAggregator counts a connection once that comes to light in a router's zone first", () => {
  const zones = new Map([["port", 1]]);
  for (const isAborted of [false, true]) {
    const aggregator = new FlowAggregator({ outbound: false, traffic: true });
    for (let interval = 0; interval < 3; interval++) sentAfter(aggregator, [], { zones });
    sentAfter(aggregator, [[2, 1000]], { zones, isAborted });
    assert.equal(sentAfter(aggregator, [[1, 1000], [2, 1000]], { zones }), 1000, `${isAborted}`);
    assert.equal(sentAfter(aggregator, [[1, 1300], [2, 1300]], { zones }), 1300, `${isAborted}`);
  }
});

Deno.test("FlowAggregator counts what a fixed IP carries by its address while a few flows are in its zone", () => {
  const aggregator = new FlowAggregator({ outbound: false, traffic: true });
  const zones = new Map([["port", 1]]);
  for (let interval = 0; interval < 3; interval++) sentAfter(aggregator, [], { zones });
  assert.equal(sentAfter(aggregator, [[2, 4000]], { zones }), 4000);
  assert.equal(sentAfter(aggregator, [[2, 9000], [1, 10]], { zones }), 9000);
});

Deno.test("FlowAggregator sums the traffic of all zones that a fixed IP's ports have", () => {
  const aggregator = new FlowAggregator({ outbound: false, traffic: true });
  const owners = [{ uuid: "a", fixedIps: [GUEST], ports: [["port", "other"]] }];
  const zones = new Map([["port", 1], ["other", 3]]);
  const read = (flows: readonly (readonly [zone: number, isOut: boolean, bytes: number])[]) => {
    aggregator.begin(owners, { zones });
    for (const [zone, isOut, bytes] of flows) {
      const flow = record({ id: zone, isOut, bytes: [bytes, 2 * bytes], packets: [1, 2] });
      flow[ZONE] = zone;
      aggregator.flow(flow);
    }
    return aggregator.commit().byInstance.get("a")?.[0]?.traffic;
  };
  for (let interval = 0; interval < 3; interval++) read([]);
  const sums = { sentBytes: 500, sentPackets: 3, receivedBytes: 400, receivedPackets: 3 };
  assert.deepEqual(read([[1, true, 100], [3, false, 200]]), sums);
});

Deno.test("FlowAggregator's traffic does not jump by flows of zones that were another port's", () => {
  const zones = new Map([["port", 1], ["gone", 9]]);
  for (const after of [undefined, new Map([["port", 1]])]) {
    const aggregator = new FlowAggregator({ outbound: false, traffic: true });
    for (let interval = 0; interval < 3; interval++) {
      assert.equal(sentAfter(aggregator, [[9, 5000], [2, 10]], { zones }), 0);
    }
    assert.equal(sentAfter(aggregator, [[9, 5000], [2, 14]], { zones: after }), 4);
    assert.equal(sentAfter(aggregator, [[9, 5001], [2, 14], [3, 20]], { zones: after }), 25);
  }
});

Deno.test("FlowAggregator takes an id that comes again long after its flow ended for another flow", () => {
  const aggregator = new FlowAggregator({ outbound: false, traffic: true });
  sentAfter(aggregator, []);
  assert.equal(sentAfter(aggregator, [[1, 100]]), 100);
  // A dump may miss an entry.
  sentAfter(aggregator, []);
  assert.equal(sentAfter(aggregator, [[1, 110]]), 110);
  for (const gone of [3, 255, 1000]) {
    const before = sentAfter(aggregator, [[1, 110]]) ?? NaN;
    for (let interval = 0; interval < gone; interval++) sentAfter(aggregator, []);
    assert.equal(sentAfter(aggregator, [[1, 110]]), before + 110, `${gone} intervals`);
  }
});
