import assert from "node:assert/strict";
import { EXAMPLES, examplesMarkdown } from "../../../scripts/monitoring/examples.ts";
import { undeclared } from "./declared.ts";

Deno.test("EXAMPLES are PromQL over declared names and labels", () => {
  for (const { expr } of EXAMPLES) assert.deepEqual(undeclared(expr), []);
});

Deno.test("examplesMarkdown has every expression in a block of its own", () => {
  const blocks = [...examplesMarkdown().matchAll(/^```promql\n([^`]*)\n```$/gm)];
  assert.deepEqual(blocks.map(([, expr]) => expr), EXAMPLES.map(({ expr }) => expr));
});
