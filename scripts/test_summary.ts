/** What tests ended how. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Colours and other codes of a terminal (ECMA-48, control sequences). */
// deno-lint-ignore no-control-regex
const CONTROL_SEQUENCE = /\x1b\[[0-9;]*[A-Za-z]/g;

const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/gm;

/**
 * The counts of the summary that `deno test` ends with, without steps and filtered tests; undefined
 * if there is none, as when a module does not compile. The last one counts: a test may print its own.
 */
export function readTestSummary(output: string): TestCounts | undefined {
  const last = [...output.replaceAll(CONTROL_SEQUENCE, "").matchAll(SUMMARY)].at(-1);
  if (last === undefined) return undefined;
  const [, passed, failed, ignored = "0"] = last;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(ignored) };
}

/**
 * The counts of one run of `deno test`: at least one failure when it says so by its exit code only,
 * such as for a module that does not compile or a leak found at the end.
 */
export function countRun(output: string, success: boolean): TestCounts {
  const counts = readTestSummary(output) ?? { passed: 0, failed: 0, skipped: 0 };
  return success || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** Sum of the counts of several runs. */
export function addCounts(runs: readonly TestCounts[]): TestCounts {
  let [passed, failed, skipped] = [0, 0, 0];
  for (const run of runs) {
    passed += run.passed;
    failed += run.failed;
    skipped += run.skipped;
  }
  return { passed, failed, skipped };
}

/** The line that ends `deno task test`, such as `7 passed, 1 failed, 2 skipped`. */
export function formatCounts({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
