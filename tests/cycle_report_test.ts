import assert from "node:assert/strict";
import { CycleReport } from "../lib/cycle_report.ts";
import { forwardingLogger } from "../lib/log/forward.ts";
import type { ReadTroubles } from "../lib/reading/read_troubles.ts";

const WELL: ReadTroubles = { libvirt: undefined, conntrack: undefined, domains: new Map() };
const CYCLE = { instances: 2, series: 9, collectors: [] };

/** A report whose clock moves a second with each cycle, and what it logged. */
function reportOf(level: "info" | "debug" = "info") {
  const lines: unknown[] = [];
  let nowMs = 0;
  const log = forwardingLogger(
    ({ level, message, fields }) => lines.push([level, message, { ...fields }]),
    { level },
  );
  const report = new CycleReport(log, () => nowMs);
  const tell = (
    troubles: Partial<ReadTroubles>,
    cycle: Parameters<typeof report.tell>[1] = CYCLE,
    contactsLeftOut?: number,
  ) => {
    nowMs += 1_000;
    report.tell({ ...WELL, ...troubles }, cycle, contactsLeftOut);
    return lines.splice(0);
  };
  return { tell };
}

Deno.test("CycleReport tells a trouble when it begins, once a minute, and when it ends", () => {
  const { tell } = reportOf();
  const libvirt = new Error("no socket");
  assert.deepEqual(tell({ libvirt }), [
    ["error", "libvirt cannot be read", {
      state: "begins",
      subject: undefined,
      reason: "no socket",
    }],
  ]);
  const told = Array.from({ length: 60 }, () => tell({ libvirt })).flat();
  assert.deepEqual(told, [
    ["error", "libvirt cannot be read", {
      state: "lasts",
      subject: undefined,
      count: 61,
      seconds: 60,
      reason: "no socket",
    }],
  ]);
  assert.deepEqual(tell({}), [
    ["notice", "libvirt cannot be read", {
      state: "ended",
      subject: undefined,
      count: 61,
      seconds: 61,
    }],
  ]);
  assert.deepEqual(tell({}), []);
});

Deno.test("CycleReport names the domains, and the collectors with the stack, that failed", () => {
  const { tell } = reportOf();
  const failure = new TypeError("no labels");
  const lines = tell(
    { domains: new Map([["instance-1", new Error("bad XML")]]) },
    {
      ...CYCLE,
      collectors: [
        { name: "disk", durationMs: 1, success: false, failures: new Map([["u-1", failure]]) },
      ],
    },
  );
  assert.deepEqual(lines, [
    ["error", "A domain cannot be used", {
      state: "begins",
      subject: "instance-1",
      reason: "bad XML",
    }],
    ["error", "A collector failed", {
      state: "begins",
      subject: "disk",
      reason: "no labels",
      instance_uuid: "u-1",
      stack: failure.stack,
    }],
  ]);
});

Deno.test("CycleReport sums a cycle up at level debug only", () => {
  assert.deepEqual(reportOf().tell({}), []);
  assert.deepEqual(reportOf("debug").tell({}), [
    ["debug", "Cycle ended", { instances: 2, series: 9 }],
  ]);
});

Deno.test("CycleReport tells of addresses that cannot be read, and of contacts left out", () => {
  const { tell } = reportOf();
  const hostAddresses = new Error("no permission");
  assert.deepEqual(tell({ hostAddresses }, CYCLE, 7), [
    ["error", "This host's addresses cannot be read", {
      state: "begins",
      subject: undefined,
      reason: "no permission",
    }],
    ["error", "Contacts were left out of the threat file", {
      state: "begins",
      subject: undefined,
      reason: "too many in one cycle",
      left_out: 7,
    }],
  ]);
  assert.deepEqual(tell({}, CYCLE, 0).length, 2, "both ended");
});

Deno.test("CycleReport tells of what the kernel lacks when it begins and ends, and never between", () => {
  const { tell } = reportOf();
  const troubles: Partial<ReadTroubles> = {
    vcpuThreads: new Error("hidden"),
    kernelFiles: new Map([["/proc/stat", new Error("odd")]]),
  };
  const file = { subject: "/proc/stat" };
  assert.deepEqual(tell(troubles), [
    ["error", "vCPU threads cannot be seen", {
      state: "begins",
      subject: undefined,
      reason: "hidden",
    }],
    ["error", "A file of the kernel cannot be used", { state: "begins", ...file, reason: "odd" }],
  ]);
  assert.deepEqual(Array.from({ length: 300 }, () => tell(troubles)).flat(), []);
  assert.deepEqual(tell({ vcpuThreads: new Error("hidden") }), [
    ["notice", "A file of the kernel cannot be used", {
      state: "ended",
      ...file,
      count: 301,
      seconds: 301,
    }],
  ]);
});
