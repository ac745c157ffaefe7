import assert from "node:assert/strict";
import { startExporter } from "./exporter_binary.ts";

const START_MS = 20_000;
const STOP_MS = 5_000;
const INTERVAL_MS = 200;
const ROUNDS = 5;
const AT_ONCE = 4;

/** A line of the log, from its time to its last field. */
const LINE =
  /^ts=\S+ level=(error|notice|info|debug) msg=("([^"\\]|\\.)*"|\S+)( [a-z_.]+=("([^"\\]|\\.)*"|\S*))*$/;

Deno.test("binary ends cleanly at any point of a cycle", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const delays = Array.from({ length: AT_ONCE }, (_, i) =>
      // Spread evenly over two intervals: reproducible, and every phase has its turn.
      (round * AT_ONCE + i) * 2 * INTERVAL_MS / (ROUNDS * AT_ONCE));
    await Promise.all(delays.map(terminateAfter));
  }
});

async function terminateAfter(delayMs: number): Promise<void> {
  await using exporter = startExporter(
    `-collection.interval=${INTERVAL_MS}ms`,
    "-log.level=debug",
    "-outbound.behavior.enable",
  );
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  const { code, signal, stdout, stderr, tookMs } = await exporter.process.stop(
    "SIGTERM",
    2 * STOP_MS,
  );
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, stdout + stderr);
  assert.ok(tookMs < STOP_MS, `${tookMs} ms`);
  for (const text of [stdout, stderr]) {
    const lines = text.split("\n");
    assert.equal(lines.pop(), "", "the last line is whole");
    for (const line of lines) assert.match(line, LINE);
  }
  using listener = Deno.listen({ hostname: "127.0.0.1", port: exporter.port });
  assert.equal((listener.addr as Deno.NetAddr).port, exporter.port);
}
