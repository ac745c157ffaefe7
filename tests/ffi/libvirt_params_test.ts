import assert from "node:assert/strict";
import fc from "fast-check";
import { TypedParameter } from "../../ffi/libvirt_layout.ts";
import { StatsParser } from "../../ffi/libvirt_params.ts";
import { layOut, type Param, readText } from "./typed_parameters.ts";

const FULL: readonly Param[] = [
  ["state.state", "INT", 3n],
  ["state.reason", "INT", 1n],
  ["cpu.time", "ULLONG", 2n ** 64n - 1n],
  ["cpu.user", "ULLONG", 5n],
  ["balloon.current", "ULLONG", 16384n],
  ["cpu.system", "ULLONG", 6n],
  ["cpu.cache.monitor.count", "UINT", 0n],
  ["balloon.maximum", "ULLONG", 32768n],
  ["balloon.swap_in", "ULLONG", 21n],
  ["balloon.swap_out", "ULLONG", 22n],
  ["balloon.major_fault", "ULLONG", 23n],
  ["balloon.minor_fault", "ULLONG", 24n],
  ["balloon.unused", "ULLONG", 25n],
  ["balloon.available", "ULLONG", 26n],
  ["balloon.usable", "ULLONG", 27n],
  ["balloon.last-update", "ULLONG", 28n],
  ["balloon.disk_caches", "ULLONG", 29n],
  ["balloon.hugetlb_pgalloc", "ULLONG", 0n],
  ["balloon.rss", "ULLONG", 30n],
  ["net.count", "UINT", 1n],
  ["net.0.name", "STRING", "tap0"],
  ["net.0.rx.bytes", "ULLONG", 1n],
  ["net.0.rx.pkts", "ULLONG", 2n],
  ["net.0.rx.errs", "ULLONG", 3n],
  ["net.0.rx.drop", "ULLONG", 4n],
  ["net.0.tx.bytes", "ULLONG", 5n],
  ["net.0.tx.pkts", "ULLONG", 6n],
  ["net.0.tx.errs", "ULLONG", 7n],
  ["net.0.tx.drop", "ULLONG", 8n],
  ["block.count", "UINT", 2n],
  ["block.0.name", "STRING", "vda"],
  ["block.0.path", "STRING", "vdb"],
  ["block.0.rd.reqs", "ULLONG", 9n],
  ["block.0.rd.bytes", "ULLONG", 2n ** 63n],
  ["block.0.rd.times", "ULLONG", 1n],
  ["block.0.wr.reqs", "ULLONG", 11n],
  ["block.0.wr.bytes", "ULLONG", 12n],
  ["block.0.wr.times", "ULLONG", 13n],
  ["block.0.fl.reqs", "ULLONG", 14n],
  ["block.0.fl.times", "ULLONG", 15n],
  ["block.0.allocation", "ULLONG", 16n],
  ["block.0.capacity", "ULLONG", 17n],
  ["block.0.physical", "ULLONG", 18n],
  ["block.1.name", "STRING", "vdb"],
];

Deno.test("StatsParser reads every group, with 64-bit counters exact", () => {
  const stats = new StatsParser(readText).parse(layOut(FULL));
  assert.deepEqual(stats, {
    state: 3,
    stateReason: 1,
    cpuTimeNs: 2n ** 64n - 1n,
    cpuUserNs: 5n,
    cpuSystemNs: 6n,
    memoryCurrentKib: 16384n,
    memoryMaximumKib: 32768n,
    memorySwapInKib: 21n,
    memorySwapOutKib: 22n,
    memoryMajorFaults: 23n,
    memoryMinorFaults: 24n,
    memoryUnusedKib: 25n,
    memoryAvailableKib: 26n,
    memoryUsableKib: 27n,
    memoryUpdatedAtS: 28n,
    memoryDiskCachesKib: 29n,
    memoryRssKib: 30n,
    disks: [
      {
        name: "vda",
        readRequests: 9n,
        readBytes: 2n ** 63n,
        writeRequests: 11n,
        writeBytes: 12n,
        readNs: 1n,
        writeNs: 13n,
        flushRequests: 14n,
        flushNs: 15n,
        allocationBytes: 16n,
        capacityBytes: 17n,
        physicalBytes: 18n,
      },
      { name: "vdb" },
    ],
    interfaces: [{
      name: "tap0",
      rxBytes: 1n,
      rxPackets: 2n,
      rxErrors: 3n,
      rxDrops: 4n,
      txBytes: 5n,
      txPackets: 6n,
      txErrors: 7n,
      txDrops: 8n,
    }],
  });
});

Deno.test("StatsParser tells a group that is absent from one without entries", () => {
  const parser = new StatsParser(readText);
  assert.deepEqual(parser.parse(layOut([["state.state", "INT", 1n]])), { state: 1 });
  const empty = parser.parse(layOut([["net.count", "UINT", 0n], ["block.count", "UINT", 0n]]));
  assert.deepEqual(empty, { disks: [], interfaces: [] });
});

Deno.test("StatsParser skips entries without a name, gaps, and counters of another type", () => {
  const stats = new StatsParser(readText).parse(layOut([
    ["net.count", "UINT", 3n],
    ["net.0.rx.bytes", "ULLONG", 1n],
    ["net.2.name", "STRING", "tap0"],
    ["net.2.rx.bytes", "LLONG", -1n],
    ["net.2.tx.bytes", "LLONG", 4n],
    ["net.2.rx.pkts", "DOUBLE", 1n],
    ["block.0.name", "ULLONG", 1n],
    ["block.99999.name", "STRING", "vda"],
    ["block.x.name", "STRING", "vda"],
  ]));
  assert.deepEqual(stats, { disks: [], interfaces: [{ name: "tap0", txBytes: 4n }] });
});

Deno.test("StatsParser gives the same answer when it knows the names already", () => {
  const parser = new StatsParser(readText);
  assert.deepEqual(parser.parse(layOut(FULL)), parser.parse(layOut(FULL)));
});

Deno.test("StatsParser reads a name that fills its field without a NUL", () => {
  const name = "block.0." + "x".repeat(TypedParameter.fieldLength - "block.0.".length);
  assert.deepEqual(new StatsParser(readText).parse(layOut([[name, "ULLONG", 1n]])), {});
});

Deno.test("StatsParser takes any bytes and depends on nothing it read before", () => {
  const parser = new StatsParser(() => "name");
  const names = fc.oneof(
    fc.constantFrom(...FULL.map(([name]) => name)),
    fc.string({ maxLength: TypedParameter.fieldLength, unit: "binary-ascii" }),
  );
  const param = fc.record({
    name: names,
    type: fc.integer(),
    value: fc.bigInt(0n, 2n ** 64n - 1n),
  });
  fc.assert(
    fc.property(fc.array(param, { maxLength: 40 }), (params) => {
      const memory = layOut(params.map(({ name, value }) => [name, "ULLONG", value]));
      const view = new DataView(memory);
      params.forEach(({ type }, i) =>
        view.setInt32(i * TypedParameter.size + TypedParameter.type, type, true)
      );
      assert.deepEqual(parser.parse(memory), new StatsParser(() => "name").parse(memory));
    }),
    { seed: 1 },
  );
});
