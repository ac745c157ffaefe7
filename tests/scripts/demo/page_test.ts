import assert from "node:assert/strict";
import fc from "fast-check";
import { parsePage } from "../../../scripts/demo/page.ts";
import { labelText } from "../../../lib/metrics/labels.ts";
import { textOf } from "../../metrics/sample_line.ts";

Deno.test("parsePage reads samples with and without labels, and no comments", () => {
  const page = '# HELP a b\n# TYPE a gauge\na 1.5\nb{x="1",y=""} 9007199254740993\n';
  assert.deepEqual(parsePage(page), [
    { name: "a", labels: {}, value: 1.5 },
    { name: "b", labels: { x: "1", y: "" }, value: 9007199254740992 },
  ]);
});

Deno.test("parsePage gives back any label value that the program wrote", () => {
  const value = fc.string({ unit: "binary", maxLength: 100 }).map((text) =>
    text.replaceAll("\0", "")
  );
  fc.assert(
    fc.property(value, value, (x, y) => {
      const line = `m${textOf(labelText(["x", "y"], { x, y }))} 1\n`;
      assert.deepEqual(parsePage(line), [{ name: "m", labels: { x, y }, value: 1 }]);
    }),
    { seed: 1, numRuns: 500 },
  );
});
