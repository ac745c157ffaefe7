import assert from "node:assert/strict";
import { FAMILIES } from "../../lib/metrics/families.ts";
import { MAY_BE_UNSEEN, reportSeen } from "../../scripts/seen_families.ts";

const [EXCUSED = "", REASON] = [...MAY_BE_UNSEEN][0] ?? [];

Deno.test("reportSeen tells what was not seen, and fails but for what a machine may lack", () => {
  const declared = ["oie_a", EXCUSED];
  assert.deepEqual(reportSeen(declared, new Set(["oie_a"])), {
    lines: [
      "families: 1 of 2 seen on a real page",
      `not seen: ${EXCUSED}, which needs ${REASON}`,
    ],
    isMissing: false,
  });
  assert.deepEqual(reportSeen(declared, new Set([EXCUSED])), {
    lines: ["families: 1 of 2 seen on a real page", "not seen: oie_a"],
    isMissing: true,
  });
});

Deno.test("reportSeen fails where a page has a family that nobody declared", () => {
  const { lines, isMissing } = reportSeen(["oie_a"], new Set(["oie_a", "oie_b"]));
  assert.deepEqual(lines.slice(1), ["seen but not declared: oie_b"]);
  assert.equal(isMissing, true);
});

Deno.test("MAY_BE_UNSEEN names families that there are", () => {
  const names = new Set(FAMILIES.map(({ name }) => name));
  assert.deepEqual([...MAY_BE_UNSEEN.keys()].filter((name) => !names.has(name)), []);
});
