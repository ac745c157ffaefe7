import assert from "node:assert/strict";
import fc from "fast-check";
import { addCounts, countRun, formatCounts, readTestSummary } from "../../scripts/test_summary.ts";

Deno.test("readTestSummary reads the line that deno test ends with", () => {
  const cases: readonly (readonly [string, number, number, number])[] = [
    ["ok | 13 passed | 0 failed (235ms)", 13, 0, 0],
    ["ok | 1 passed (2 steps) | 0 failed | 3 filtered out (5ms)", 1, 0, 0],
    ["FAILED | 2 passed (1 step) | 1 failed (1 step) | 1 ignored (1 step) (4ms)", 2, 1, 1],
    ["ok | 0 passed | 0 failed | 2 ignored | 9 filtered out (1s)", 0, 0, 2],
    ["\x1b[0m\x1b[32mok\x1b[0m | 5 passed | 0 failed \x1b[0m\x1b[38;5;245m(37ms)\x1b[0m", 5, 0, 0],
  ];
  for (const [line, passed, failed, skipped] of cases) {
    assert.deepEqual(readTestSummary(`a ... ok (0ms)\n\n${line}\n\n`), { passed, failed, skipped });
  }
});

Deno.test("readTestSummary takes the last line when a test prints one like it", () => {
  const output = "ok | 99 passed | 0 failed\nFAILED | 1 passed | 2 failed (3ms)\n";
  assert.deepEqual(readTestSummary(output), { passed: 1, failed: 2, skipped: 0 });
});

Deno.test("countRun finds a failure that only the exit code tells", () => {
  assert.deepEqual(countRun("error: TS2322", false), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(countRun("ok | 4 passed | 0 failed (1s)", false), {
    passed: 4,
    failed: 1,
    skipped: 0,
  });
  assert.deepEqual(countRun("FAILED | 4 passed | 2 failed (1s)", false), {
    passed: 4,
    failed: 2,
    skipped: 0,
  });
  assert.deepEqual(countRun("ok | 4 passed | 0 failed (1s)", true), {
    passed: 4,
    failed: 0,
    skipped: 0,
  });
});

Deno.test("countRun on any output of a failed run has at least one failure", () => {
  fc.assert(
    fc.property(fc.string(), (output) => countRun(output, false).failed >= 1),
    { seed: 268 },
  );
});

Deno.test("formatCounts ends with the skipped only when there are some", () => {
  const runs = [{ passed: 3, failed: 0, skipped: 0 }, { passed: 4, failed: 1, skipped: 0 }];
  assert.equal(formatCounts(addCounts(runs)), "7 passed, 1 failed");
  assert.equal(
    formatCounts(addCounts([...runs, { passed: 0, failed: 0, skipped: 2 }])),
    "7 passed, 1 failed, 2 skipped",
  );
  assert.equal(formatCounts(addCounts([])), "0 passed, 0 failed");
});
