import assert from "node:assert/strict";
import { FAMILIES } from "../../lib/metrics/families.ts";
import { MAY_BE_UNSEEN, reportSeen } from "../../scripts/seen_families.ts";

const [EXCUSED = "", REASON] = [...MAY_BE_UNSEEN][0] ?? [];
const TWIN = { name: "oie_twin_total" };

Deno.test("reportSeen tells what was not seen, and fails but for what a machine may lack", () => {
  const declared = [{ name: "oie_a" }, { name: EXCUSED }];
  assert.deepEqual(reportSeen(declared, new Set(["oie_a"])), {
    lines: [
      "families: 1 of 2 seen on a real page",
      "names by convention: 0 of 0 seen on a real page",
      `not seen: ${EXCUSED}, which needs ${REASON}`,
    ],
    isMissing: false,
  });
  assert.deepEqual(reportSeen(declared, new Set([EXCUSED])), {
    lines: [
      "families: 1 of 2 seen on a real page",
      "names by convention: 0 of 0 seen on a real page",
      "not seen: oie_a",
    ],
    isMissing: true,
  });
});

Deno.test("reportSeen wants the names by convention too, each once", () => {
  const declared = [
    { name: "oie_a", convention: TWIN },
    { name: "oie_b", convention: TWIN },
    { name: "oie_c" },
  ];
  const own = declared.map(({ name }) => name);
  assert.deepEqual(reportSeen(declared, new Set([...own, TWIN.name])), {
    lines: [
      "families: 3 of 3 seen on a real page",
      "names by convention: 1 of 1 seen on a real page",
    ],
    isMissing: false,
  });
  assert.deepEqual(reportSeen(declared, new Set(own)), {
    lines: [
      "families: 3 of 3 seen on a real page",
      "names by convention: 0 of 1 seen on a real page",
      `not seen: ${TWIN.name}`,
    ],
    isMissing: true,
  });
});

Deno.test("reportSeen fails where a page has a family that nobody declared", () => {
  const { lines, isMissing } = reportSeen([{ name: "oie_a" }], new Set(["oie_a", "oie_b"]));
  assert.deepEqual(lines.slice(2), ["seen but not declared: oie_b"]);
  assert.equal(isMissing, true);
});

Deno.test("MAY_BE_UNSEEN names families that there are", () => {
  const names = new Set(FAMILIES.map(({ name }) => name));
  assert.deepEqual([...MAY_BE_UNSEEN.keys()].filter((name) => !names.has(name)), []);
});
