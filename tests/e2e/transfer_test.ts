import assert from "node:assert/strict";
import type { FlowTraffic } from "../../lib/conntrack/flow_summary.ts";
import { runScenario } from "./run_scenario.ts";
import { TRANSFERS, type TransferScenario } from "./transfer_scenario.ts";

/** Headers and acknowledgements, by the payload. */
const MOST_OVERHEAD = 0.05;

Deno.test("binary counts what a guest really sends and gets through NAT as conntrack does, over flushes too", async () => {
  const path = `${import.meta.dirname}/transfer_scenario.ts`;
  const { accounting, transfers } = await runScenario<TransferScenario>(path);
  assert.equal(accounting, 1);
  assert.equal(transfers.length, TRANSFERS.length);
  let total: FlowTraffic = { sentBytes: 0, sentPackets: 0, receivedBytes: 0, receivedPackets: 0 };
  transfers.forEach(({ arrived, listed, exported, kept }, at) => {
    const { sent = NaN, received = NaN } = TRANSFERS[at] ?? {};
    assert.deepEqual(arrived, { sent, received });
    assertCarries(listed.sentBytes, sent);
    assertCarries(listed.receivedBytes, received);
    total = sum(total, listed);
    assert.deepEqual(exported, total);
    assert.deepEqual(kept, total);
  });
});

function assertCarries(bytes: number, payload: number): void {
  assert.ok(
    bytes >= payload && bytes <= payload * (1 + MOST_OVERHEAD),
    `${bytes} bytes for ${payload} of payload`,
  );
}

function sum(a: FlowTraffic, b: FlowTraffic): FlowTraffic {
  return {
    sentBytes: a.sentBytes + b.sentBytes,
    sentPackets: a.sentPackets + b.sentPackets,
    receivedBytes: a.receivedBytes + b.receivedBytes,
    receivedPackets: a.receivedPackets + b.receivedPackets,
  };
}
