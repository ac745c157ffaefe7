import assert from "node:assert/strict";
import fc from "fast-check";
import { FLAGS } from "../../lib/config/flags.ts";
import { parseFlags } from "../../lib/config/parse_flags.ts";
import { UsageError } from "../../lib/config/usage_error.ts";
import { hostileNames } from "../hostile_names.ts";
import { mutatedText } from "./mutations.ts";

const RUNS = 10_000;
const LINES: readonly (readonly string[])[] = JSON.parse(
  Deno.readTextFileSync(new URL("../fixtures/corpus/flags.json", import.meta.url)),
);

/** What comes of a command line; of a refusal its message, which must be one line and short. */
function outcome(args: readonly string[]): string {
  try {
    return parseFlags(args).action;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // deno-lint-ignore no-control-regex -- what an error must not hold
    assert.match(error.message, /^Cannot [^\0-\x1f\x7f]{1,2000}$/u);
    return "refused";
  }
}

Deno.test("a command line that was mutated is taken or refused with a UsageError of one line", () => {
  const seen = new Map<string, number>();
  // An argument a line, so that changes join and split arguments too.
  const line = mutatedText(LINES.map((args) => args.join("\n")));
  fc.assert(
    fc.property(line, (text) => {
      const found = outcome(text.split("\n"));
      seen.set(found, (seen.get(found) ?? 0) + 1);
    }),
    { seed: 20_273, numRuns: RUNS },
  );
  assert.deepEqual([...seen.keys()].sort(), ["help", "refused", "run", "version"]);
  assert.ok((seen.get("run") ?? 0) > RUNS / 20, JSON.stringify([...seen]));
});

Deno.test("every flag takes or refuses every hostile text", () => {
  const texts = hostileNames(240);
  for (const { name } of FLAGS) for (const text of texts) outcome([`-${name}=${text}`]);
});
