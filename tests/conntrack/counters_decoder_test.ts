import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeCounters } from "../../lib/conntrack/counters_decoder.ts";
import { createFlow, ENTRY_ID } from "../../lib/conntrack/flow.ts";
import { NetlinkError } from "../../lib/conntrack/netlink_error.ts";
import { attribute } from "./netlink_messages.ts";

const NESTED = 0x8000;
const SEED = 20_311;

/** The fields from the id on. */
function decode(bytes: readonly number[]): number[] {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  const flow = createFlow().fill(9);
  decodeCounters(new DataView(padded.buffer), 0, bytes.length, flow);
  assert.deepEqual([...flow.subarray(0, ENTRY_ID)], Array(ENTRY_ID).fill(9));
  return [...flow.subarray(ENTRY_ID)];
}

Deno.test("decodeCounters reads id and counters of both directions, in two words each", () => {
  const counters = (packets: number, bytes: number) => [
    ...attribute(1, [0, 0, 0, 0, 0, 0, 0, packets]),
    ...attribute(2, [0, 0, 0, 1, 0, 0, 0, bytes]),
  ];
  assert.deepEqual(
    decode([
      ...attribute(3, [0, 0, 0, 2]),
      ...attribute(9 | NESTED, counters(3, 4)),
      ...attribute(10 | NESTED, counters(5, 6)),
      ...attribute(12, [7, 1, 0, 0]),
    ]),
    [263, 0, 3, 1, 4, 0, 5, 1, 6, 1],
  );
  assert.deepEqual(decode(attribute(3, [0, 0, 0, 2])), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("decodeCounters takes any bytes or throws NetlinkError", () => {
  const part = fc.tuple(fc.constantFrom(9, 10, 12, 3), fc.uint8Array({ maxLength: 30 }))
    .map(([type, value]) => attribute(type, [...value]));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }).map((bytes) => [...bytes]),
    fc.array(part, { maxLength: 4 }).map((parts) => parts.flat()),
  );
  fc.assert(
    fc.property(bytes, (bytes) => {
      try {
        decode(bytes);
      } catch (error) {
        assert.ok(error instanceof NetlinkError, String(error));
      }
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});
