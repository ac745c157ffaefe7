import assert from "node:assert/strict";
import fc from "fast-check";
import { parseJobStats } from "../../ffi/job_stats.ts";
import { layOut } from "./typed_parameters.ts";

Deno.test("parseJobStats reads what a migration says, and skips what it does not know", () => {
  assert.deepEqual(
    parseJobStats(layOut([
      ["operation", "INT", 5n],
      ["time_elapsed", "ULLONG", 1500n],
      ["downtime", "ULLONG", 300n],
      ["data_total", "ULLONG", 17_184_194_560n],
      ["data_processed", "ULLONG", 4_000_000_000n],
      ["data_remaining", "ULLONG", 13_184_194_560n],
      ["memory_total", "ULLONG", 1n],
      ["memory_bps", "ULLONG", 1_200_000_000n],
      ["memory_dirty_rate", "ULLONG", 1000n],
      ["memory_page_size", "ULLONG", 4096n],
      ["memory_iteration", "ULLONG", 2n],
      ["auto_converge_throttle", "INT", 20n],
    ])),
    {
      operation: 5,
      elapsedMs: 1500,
      downtimeMs: 300,
      totalBytes: 17_184_194_560,
      processedBytes: 4_000_000_000,
      remainingBytes: 13_184_194_560,
      memoryBytesPerSecond: 1_200_000_000,
      dirtyPagesPerSecond: 1000,
      pageBytes: 4096,
      iterations: 2,
    },
  );
});

Deno.test("parseJobStats leaves out numbers of another type and negative ones", () => {
  assert.deepEqual(
    parseJobStats(layOut([
      ["operation", "INT", -1n],
      ["time_elapsed", "LLONG", -1n],
      ["downtime", "LLONG", 7n],
      ["data_total", "DOUBLE", 1n],
      ["data_remaining", "UINT", 9n],
    ])),
    { downtimeMs: 7, remainingBytes: 9 },
  );
  assert.deepEqual(parseJobStats(new ArrayBuffer(0)), {});
});

Deno.test("parseJobStats answers whatever the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const values = Object.values(parseJobStats(Uint8Array.from(bytes).buffer));
      assert.ok(values.every((value) => value >= 0));
    }),
    { seed: 7 },
  );
});
