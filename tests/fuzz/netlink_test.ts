import assert from "node:assert/strict";
import fc from "fast-check";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import { DumpDecoder } from "../../lib/conntrack/dump_decoder.ts";
import { FlowAggregator } from "../../lib/conntrack/flow_aggregator.ts";
import type { FlowSummary } from "../../lib/conntrack/flow_summary.ts";
import { NetlinkError } from "../../lib/conntrack/netlink_error.ts";
import { corpusOf } from "./corpus.ts";
import { mutated } from "./mutations.ts";

const BUFFER_BYTES = 64 * 1024;
const RUNS = 10_000;
/** Where `struct nlmsghdr` has the port id of the socket that asked. */
const PORT_ID_AT = 12;

const OWNERS = [{
  uuid: "a",
  fixedIps: ["10.1.0.5", "fd00:1::5"].flatMap((text) => parseIpAddress(text) ?? []),
}];
/** Known ones, of which none is theirs: so ports are read too. */
const ZONES = new Map([["another port", 65_000]]);
const DUMPS = corpusOf("corpus/netlink");

/** A decoder and what it feeds, as the program has them for all of its life. */
function start() {
  const buffer = new Uint8Array(BUFFER_BYTES);
  const decoder = new DumpDecoder(buffer);
  const aggregator = new FlowAggregator({
    outbound: true,
    threats: { directions: ["any"], mostFresh: 10, mostFreshOfEach: 2 },
  });
  const listed = {
    findAll: (_words: Uint32Array, _stride: number, count: number, lists: Uint8Array) =>
      lists.fill(1, 0, count),
  };
  const portId = new DataView(DUMPS[0]?.buffer ?? new ArrayBuffer(16)).getUint32(PORT_ID_AT, true);
  /** Reads datagrams as one dump; undefined where they are no good. */
  return (datagrams: readonly Uint8Array[]): FlowSummary | undefined => {
    aggregator.begin(OWNERS, { listed, zones: ZONES });
    decoder.begin(portId);
    try {
      for (const datagram of datagrams) {
        buffer.set(datagram.subarray(0, BUFFER_BYTES));
        if (decoder.decode(datagram.length, aggregator)) return aggregator.commit();
      }
    } catch (error) {
      if (!(error instanceof NetlinkError)) throw error;
    }
    aggregator.abort();
    return undefined;
  };
}

Deno.test("a dump of the kernel's that was mutated is refused with a NetlinkError or counted, and spoils no other", () => {
  const read = start();
  const good = read(DUMPS);
  assert.equal(good?.entries, 8);
  const { byInstance } = good;
  const outcomes = { counted: 0, refused: 0 };
  fc.assert(
    fc.property(mutated(DUMPS), (datagram) => {
      const summary = read([datagram, ...DUMPS.slice(1)]);
      if (summary === undefined) outcomes.refused++;
      else outcomes.counted++;
      const flows = summary?.byInstance.get("a")?.map(({ flows }) => flows) ?? [];
      assert.ok(flows.every((count) => count <= (summary?.entries ?? 0)), `${flows}`);
    }),
    { seed: 20_270, numRuns: RUNS },
  );
  assert.ok(outcomes.counted > RUNS / 50 && outcomes.refused > RUNS / 2, JSON.stringify(outcomes));
  read(DUMPS);
  const counts = (summary: FlowSummary["byInstance"] | undefined) =>
    summary?.get("a")?.map(({ flows, outbound }) => [flows, outbound?.uniqueRemotes]);
  assert.deepEqual(counts(read(DUMPS)?.byInstance), counts(byInstance));
});
