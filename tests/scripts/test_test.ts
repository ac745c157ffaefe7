import assert from "node:assert/strict";
import { parseTestArguments } from "../../scripts/test.ts";

Deno.test("parseTestArguments reads a suite and a filter in any order", () => {
  assert.deepEqual(parseTestArguments([]), { suite: undefined, filter: undefined });
  assert.deepEqual(parseTestArguments(["cpu"]), { suite: undefined, filter: "cpu" });
  assert.deepEqual(parseTestArguments(["--suite=unit"]), { suite: "unit", filter: undefined });
  assert.deepEqual(parseTestArguments(["/cp?u/", "--suite=e2e"]), {
    suite: "e2e",
    filter: "/cp?u/",
  });
});

Deno.test("parseTestArguments throws for what it does not know", () => {
  const suites = ["unit", "integration", "e2e", "soak", "compat"];
  const flags = `the flags are ${suites.map((name) => `--suite=${name}`).join(", ")}`;
  for (
    const [args, message] of [
      [["--suite=ui"], `Cannot parse argument "--suite=ui": ${flags}`],
      [["-v"], `Cannot parse argument "-v": ${flags}`],
      [["a", "b"], 'Cannot parse argument "b": the filter is "a" already'],
    ] as const
  ) assert.throws(() => parseTestArguments(args), { name: "SyntaxError", message });
});
