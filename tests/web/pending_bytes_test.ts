import assert from "node:assert/strict";
import { hasPendingBytes } from "../../lib/web/pending_bytes.ts";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid";

function line(local: string, state: string, queues: string): string {
  return `   0: ${local} 0100007F:9C40 ${state} ${queues} 00:00000000 00000000     0`;
}

Deno.test("hasPendingBytes sees bytes to send on open connections of our ports only", () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ["", false],
    [line("0100007F:23A0", "01", "00000000:00000000"), false],
    [line("0100007F:23A0", "01", "00000001:00000000"), true],
    [line("00000000000000000000000001000000:23A0", "01", "0000AB00:00000000"), true],
    [line("0100007F:23A0", "01", "00000000:00000005"), false],
    [line("0100007F:23A1", "01", "00000001:00000000"), false],
    [line("0100007F:23A0", "04", "00000001:00000000"), false],
  ];
  for (const [row, expected] of cases) {
    assert.equal(hasPendingBytes(`${HEAD}\n${row}\n`, new Set([9120])), expected, row);
  }
});
