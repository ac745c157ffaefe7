import assert from "node:assert/strict";
import fc from "fast-check";
import { readConntrackLimits } from "../../lib/reading/conntrack_limits.ts";
import { readProcess } from "../../lib/reading/process_reader.ts";
import { textsOf } from "./corpus.ts";
import { mutatedText } from "./mutations.ts";

Deno.test("files of /proc that were mutated give numbers that a page can have, or none", () => {
  fc.assert(
    fc.property(mutatedText(textsOf("corpus/proc")), fc.nat(99), (text, names) => {
      const readFile = () => text;
      const values = {
        ...readProcess({ readFile, listFolder: () => Array(names).fill("0") }),
        ...readConntrackLimits(readFile).limits,
      };
      for (const [name, value] of Object.entries(values)) {
        assert.ok(name === "openFds" || (Number.isFinite(value) && value >= 0), `${name} ${value}`);
      }
    }),
    { seed: 20_274, numRuns: 20_000 },
  );
});
