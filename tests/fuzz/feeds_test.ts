import assert from "node:assert/strict";
import fc from "fast-check";
import { LIST_FORMATS, parserOf } from "../../lib/threat/list_parser.ts";
import { ListFormatError, type ParsedList } from "../../lib/threat/parsed_list.ts";
import { corpusOf } from "./corpus.ts";
import { mutated } from "./mutations.ts";

const RUNS = 1_500;
const FEEDS = corpusOf("corpus/feeds");

/** What a list gives when it comes in pieces of at most so many bytes; the text of a refusal. */
function read(
  bytes: Uint8Array,
  format: (typeof LIST_FORMATS)[number],
  piece: number,
): ParsedList | string {
  const parser = parserOf(format);
  try {
    for (let at = 0; at < bytes.length; at += piece) parser.push(bytes.subarray(at, at + piece));
    return parser.end();
  } catch (error) {
    if (!(error instanceof ListFormatError)) throw error;
    return error.message;
  }
}

Deno.test("a list that was mutated is read or refused with a ListFormatError, in whatever pieces it comes", () => {
  const outcomes = { read: 0, refused: 0 };
  fc.assert(
    fc.property(
      mutated(FEEDS),
      fc.constantFrom(...LIST_FORMATS),
      fc.integer({ min: 1, max: 64 }),
      (bytes, format, piece) => {
        const whole = read(bytes, format, Infinity);
        assert.deepEqual(read(bytes, format, piece), whole);
        if (typeof whole === "string") {
          outcomes.refused++;
          return;
        }
        outcomes.read++;
        assert.ok(whole.skipped >= whole.examples.length && whole.tooWide <= whole.skipped);
        assert.ok(whole.examples.every(({ text, line }) => text.length <= 120 && line > 0));
      },
    ),
    { seed: 20_272, numRuns: RUNS },
  );
  assert.ok(outcomes.read > RUNS / 4 && outcomes.refused > RUNS / 50, JSON.stringify(outcomes));
});
