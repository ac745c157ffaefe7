import assert from "node:assert/strict";
import fc from "fast-check";
import {
  notBehind,
  parseConntrackStat,
  parseCpuStat,
  parseMeminfo,
  parseNodeMeminfo,
} from "../../lib/reading/host_parsers.ts";

Deno.test("parseCpuStat counts each moment in one mode, and the CPUs that are online", () => {
  const text = "cpu  1000 200 300 4000 50 6 7 8 900 100\n" +
    "cpu0 500 100 150 2000 25 3 3 4 450 50\ncpu3 500 100 150 2000 25 3 4 4 450 50\nintr 1 2 3\nbtime 1795000000\n";
  assert.deepEqual(parseCpuStat(text), {
    cpus: 2,
    secondsByMode: new Map([
      ["user", 1],
      ["nice", 1],
      ["system", 3],
      ["idle", 40],
      ["iowait", 0.5],
      ["irq", 0.06],
      ["softirq", 0.07],
      ["steal", 0.08],
      ["guest", 10],
    ]),
    bootedAtMs: 1_795_000_000_000,
  });
});

Deno.test("parseCpuStat takes a kernel without guests, and refuses what is none", () => {
  const { secondsByMode } = parseCpuStat("cpu  1 2 3 4 5 6 7 8\ncpu0 1 2 3 4 5 6 7 8\n") ?? {};
  assert.equal(secondsByMode?.get("guest"), 0);
  const guests = (ticks: number) =>
    `cpu  4 2 3 4 5 6 7 8 ${ticks} 0\ncpu0 4 2 3 4 5 6 7 8 ${ticks} 0\n`;
  const twoCpus = parseCpuStat(`${guests(8)}cpu1 1 2 3 4 5 6 7 8 0 0\n`);
  assert.equal(twoCpus?.secondsByMode.get("user"), 0, "rounded on each of two CPUs");
  assert.equal(parseCpuStat(guests(6))?.secondsByMode.get("user"), 0, "rounded");
  const digits = `cpu  ${"9".repeat(400)} 2 3 4 5 6 7 8\ncpu0 1 2 3 4 5 6 7 8\n`;
  for (
    const odd of [
      guests(7),
      digits,
      "",
      "cpu  1 2 3\ncpu0 1 2 3\n",
      "cpu  1 2 3 4 5 6 7 8\n",
      "cpu x\ncpu0 \n",
    ]
  ) {
    assert.equal(parseCpuStat(odd), undefined, odd);
  }
});

Deno.test("notBehind keeps a mode from stepping back by a little, and lets it begin anew", () => {
  const at = (user: number, iowait: number) => ({
    cpus: 1,
    secondsByMode: new Map([["user", user], ["iowait", iowait]]),
  });
  assert.deepEqual(notBehind(at(9.99, 5), undefined), at(9.99, 5));
  assert.deepEqual(notBehind(at(9.98, 5.01), at(9.99, 5)), at(9.99, 5.01));
  assert.deepEqual(notBehind(at(2, 2.01), at(5, 5)), at(2, 5));
});

Deno.test("parseMeminfo and parseNodeMeminfo read bytes, and refuse what has no total", () => {
  const text = "MemTotal:       24684084 kB\nMemFree:  22381640 kB\nMemAvailable:   23101020 kB\n";
  assert.deepEqual(parseMeminfo(text), {
    totalBytes: 24684084 * 1024,
    availableBytes: 23101020 * 1024,
  });
  assert.deepEqual(parseMeminfo("MemTotal: 1 kB\n"), { totalBytes: 1024 });
  assert.equal(parseMeminfo("MemAvailable: 1 kB\n"), undefined);
  for (const odd of ["many", "9".repeat(20)]) {
    assert.equal(parseMeminfo(`MemTotal: ${odd} kB\n`), undefined);
  }
  assert.equal(parseMeminfo("Node 0 MemTotal: 1 kB\n"), undefined);
  assert.deepEqual(
    parseNodeMeminfo("Node 1 MemTotal:        2 kB\nNode 1 MemFree:         1 kB\n"),
    { totalBytes: 2048, freeBytes: 1024 },
  );
  assert.equal(parseNodeMeminfo("Node 1 MemTotal:        2 kB\n"), undefined);
});

const NAMES = "entries  clashres found new invalid ignore delete chainlength insert " +
  "insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart";

function row(cells: Readonly<Record<number, string>>): string {
  return Array.from({ length: 17 }, (_, at) => cells[at] ?? "00000000").join(" ");
}

Deno.test("parseConntrackStat sums over the CPUs by the names of the columns", () => {
  const text = `${NAMES}\n${row({ 9: "00000001", 10: "ffffffff", 11: "0000000a" })}\n` +
    `${row({ 9: "00000002", 10: "00000010", 11: "00000001" })}\n`;
  assert.deepEqual(parseConntrackStat(text), {
    insertFailed: 3,
    drop: 2 ** 32 - 1 + 16,
    earlyDrop: 11,
  });
});

Deno.test("parseConntrackStat refuses other columns, other numbers and no CPU", () => {
  for (
    const odd of [
      "",
      NAMES,
      `${NAMES}\n${row({ 10: "-1" })}`,
      `${NAMES}\n00000000 00000000`,
      `${NAMES.replace("early_drop", "late_drop")}\n${row({})}`,
    ]
  ) assert.equal(parseConntrackStat(odd), undefined, odd);
});

Deno.test("the host's parsers answer whatever the text, with numbers that are not negative", () => {
  const parts = fc.constantFrom(
    ..."cpu |cpu0|Node 0 |MemTotal:|MemFree:|MemAvailable:| kB|\n| |1|99|-1|drop|early_drop|insert_failed|ff"
      .split("|"),
  );
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.array(parts).map((all) => all.join("")));
  fc.assert(
    fc.property(text, (text) => {
      const numbers = [
        ...Object.values(parseMeminfo(text) ?? {}),
        ...Object.values(parseNodeMeminfo(text) ?? {}),
        ...Object.values(parseConntrackStat(text) ?? {}),
        ...parseCpuStat(text)?.secondsByMode.values() ?? [],
      ];
      assert.ok(numbers.every((number) => number >= 0));
    }),
    { seed: 5, numRuns: 500 },
  );
});
