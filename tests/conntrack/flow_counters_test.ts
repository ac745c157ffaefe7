import assert from "node:assert/strict";
import { AddressHash } from "../../lib/conntrack/address_hash.ts";
import {
  createFlow,
  DST_PORT,
  ENTRY_ID,
  ORIG_BYTES,
  ORIG_DST,
  ORIG_PACKETS,
  ORIG_SRC,
  REPLY_BYTES,
  REPLY_PACKETS,
} from "../../lib/conntrack/flow.ts";
import { FlowCounters } from "../../lib/conntrack/flow_counters.ts";

/** A place of a flow's record, and what is there. */
type Place = readonly [at: number, value: number];

/** What the counters grow by with a flow, of id 7 if nothing else is said: bytes sent and replied, then packets. */
function take(
  counters: FlowCounters,
  [origBytes, replyBytes, origPackets, replyPackets]: readonly number[],
  place: Place = [DST_PORT, 443],
  isFollowed = true,
): readonly number[] {
  const flow = createFlow();
  flow[ENTRY_ID] = 7;
  flow[place[0]] = place[1];
  flow[ORIG_BYTES + 1] = origBytes!;
  flow[REPLY_BYTES + 1] = replyBytes!;
  flow[ORIG_PACKETS + 1] = origPackets!;
  flow[REPLY_PACKETS + 1] = replyPackets!;
  counters.take(flow, isFollowed);
  const { growth } = counters;
  return [growth.origBytes, growth.replyBytes, growth.origPackets, growth.replyPackets];
}

const AFTER: readonly {
  readonly what: string;
  readonly now: readonly number[];
  readonly growth: readonly number[];
}[] = [
  { what: "what both directions grew by", now: [110, 250, 11, 25], growth: [10, 50, 1, 5] },
  { what: "nothing where nothing came", now: [100, 200, 10, 20], growth: [0, 0, 0, 0] },
  { what: "all anew where both went back", now: [90, 150, 9, 15], growth: [90, 150, 9, 15] },
  {
    what: "all anew where what it sent went back",
    now: [90, 250, 9, 25],
    growth: [90, 250, 9, 25],
  },
  {
    what: "all anew where the reply went back",
    now: [110, 150, 11, 15],
    growth: [110, 150, 11, 15],
  },
];

for (const { what, now, growth } of AFTER) {
  Deno.test(`FlowCounters.take gives ${what}`, () => {
    const counters = new FlowCounters(new AddressHash());
    assert.deepEqual(take(counters, [100, 200, 10, 20]), [100, 200, 10, 20]);
    counters.commit();
    assert.deepEqual(take(counters, now), growth);
  });
}

const OTHERS: readonly (readonly [what: string, one: Place, other: Place])[] = [
  ["source", [ORIG_SRC, 0x0a000001], [ORIG_SRC, 0x0a000002]],
  ["end of an IPv6 source", [ORIG_SRC + 3, 1], [ORIG_SRC + 3, 2]],
  ["destination", [ORIG_DST, 0x08080808], [ORIG_DST, 0x08080404]],
  ["destination port", [DST_PORT, 80], [DST_PORT, 443]],
  // Ids that begin the search at the same slot.
  ["id", [ENTRY_ID, 7], [ENTRY_ID, 7 + 2 ** 24]],
  ["direction", [ORIG_SRC, 0x0a000001], [ORIG_DST, 0x0a000001]],
];

for (const [what, one, other] of OTHERS) {
  Deno.test(`FlowCounters.take knows two flows apart that differ in their ${what} alone`, () => {
    const counters = new FlowCounters(new AddressHash());
    take(counters, [100, 200, 10, 20], one);
    assert.deepEqual(take(counters, [150, 260, 15, 26], other), [150, 260, 15, 26]);
    counters.commit();
    assert.deepEqual(take(counters, [101, 202, 11, 22], one), [1, 2, 1, 2]);
    assert.deepEqual(take(counters, [153, 264, 18, 30], other), [3, 4, 3, 4]);
  });
}

Deno.test("FlowCounters.take gives nothing of a flow that may be old, and from then on what it grows by", () => {
  const counters = new FlowCounters(new AddressHash());
  const maybeOld = (...now: readonly number[]) => take(counters, now, [DST_PORT, 443], false);
  assert.deepEqual(maybeOld(100, 200, 10, 20), [0, 0, 0, 0]);
  assert.deepEqual(maybeOld(101, 202, 13, 24), [1, 2, 3, 4]);
  assert.deepEqual(maybeOld(7, 202, 1, 24), [7, 202, 1, 24], "set back");
});
