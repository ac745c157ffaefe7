import assert from "node:assert/strict";
import { FLAGS } from "../../lib/config/flags.ts";
import { flagsMarkdown, usage } from "../../lib/config/usage.ts";

const GOLDEN = new URL("../fixtures/usage.golden.txt", import.meta.url);

Deno.test("usage is the committed text", async () => {
  assert.equal(usage(), await Deno.readTextFile(GOLDEN));
});

Deno.test("flagsMarkdown has one well-formed row for each flag", () => {
  const rows = flagsMarkdown().split("\n").filter((line) => line.startsWith("| `-"));
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).length);
  assert.deepEqual(cells, FLAGS.map(() => 5));
  assert.deepEqual(
    rows.map((row) => row.split("`")[1]),
    FLAGS.map((row) => `-${row.name}`),
  );
});

Deno.test("rows of a group stand together and no name comes twice", () => {
  const starts = FLAGS.filter((row, at) => row.group !== FLAGS[at - 1]?.group);
  assert.equal(new Set(starts.map((row) => row.group)).size, starts.length);
  assert.equal(new Set(FLAGS.map((row) => row.name)).size, FLAGS.length);
});
