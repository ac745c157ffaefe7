import assert from "node:assert/strict";
import { startExporter } from "./exporter_binary.ts";

const START_MS = 20_000;
const STOP_MS = 5_000;
const INTERVAL_MS = 200;

/** A line of the log, from its time to its last field. */
const LINE =
  /^ts=\S+ level=(error|notice|info|debug) msg=("([^"\\]|\\.)*"|\S+)( [a-z_.]+=("([^"\\]|\\.)*"|\S*))*$/;

/**
 * Starts and terminates the binary `count` times, `atOnce` at a time, at moments that are spread
 * evenly over two intervals: reproducible, and every phase of a cycle has its turn. It has to end
 * with code 0 within five seconds, its last line whole and its port free.
 */
export async function terminateAtAnyPoint(count: number, atOnce: number): Promise<void> {
  for (let first = 0; first < count; first += atOnce) {
    const turns = Array.from({ length: Math.min(atOnce, count - first) }, (_, i) => first + i);
    await Promise.all(turns.map((turn) => terminateAfter(turn * 2 * INTERVAL_MS / count)));
  }
}

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
