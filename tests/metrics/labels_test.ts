import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeLabelValue, isSameLabels, labelText, NO_LABELS } from "../../lib/metrics/labels.ts";
import { textOf } from "./sample_line.ts";

const SEED = 20261123;

Deno.test("labelText writes the names in the order of the family", () => {
  const labels = labelText(["b", "a"], { a: "1", b: "ä" });
  assert.equal(textOf(labels), '{b="ä",a="1"}');
});

Deno.test("isSameLabels compares what is written", () => {
  const labels = (a: string) => labelText(["a"], { a });
  assert.equal(isSameLabels(labels("x"), labels("x")), true);
  assert.equal(isSameLabels(labels("x"), labels("y")), false);
  assert.equal(isSameLabels(labels("x"), labels("xx")), false);
  assert.equal(isSameLabels(NO_LABELS, labels("x")), false);
});

Deno.test("labelText of no names is empty", () => {
  assert.deepEqual(labelText([], {}), NO_LABELS);
});

const ESCAPED: readonly (readonly [what: string, value: string, text: string])[] = [
  ["a backslash", "a\\b", "a\\\\b"],
  ["a quote", 'say "hi"', 'say \\"hi\\"'],
  ["a line feed", "two\nlines", "two\\nlines"],
  ["what looks escaped already", "\\n", "\\\\n"],
  ["a closing brace and a comma", '"},{', '\\"},{'],
  ["NUL, at which Prometheus' scanner ends", "a\0b", "a\u{FFFD}b"],
  ["a lone surrogate", "a\uD800b", "a\u{FFFD}b"],
  ["letters of other scripts", "проект 東京 🚀", "проект 東京 🚀"],
  ["256 characters", "x".repeat(256), "x".repeat(256)],
  ["257 characters", "x".repeat(257), "x".repeat(256)],
  ["a cut after a character of two units", "🚀".repeat(300), "🚀".repeat(256)],
  ["a cut before escaping", '"'.repeat(300), '\\"'.repeat(256)],
];

for (const [what, value, text] of ESCAPED) {
  Deno.test(`escapeLabelValue takes ${what}`, () => assert.equal(escapeLabelValue(value), text));
}

Deno.test("escapeLabelValue of any text reads back as that text, cut and well-formed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (value) => {
      const text = escapeLabelValue(value);
      assert.doesNotMatch(text, /\n|\0|(?<!\\)(\\\\)*"/);
      const readBack = text.replace(/\\(["\\n])/g, (_, c: string) => c === "n" ? "\n" : c);
      const expected = [...value].slice(0, 256).join("").toWellFormed().replaceAll(
        "\0",
        "\u{FFFD}",
      );
      assert.equal(readBack, expected);
    }),
    { seed: SEED, numRuns: 500 },
  );
});
