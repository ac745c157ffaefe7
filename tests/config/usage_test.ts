import assert from "node:assert/strict";
import { FLAGS } from "../../lib/config/flags.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { flagsMarkdown, usage } from "../../lib/config/usage.ts";

const GOLDEN = new URL("../fixtures/usage.golden.txt", import.meta.url);

/** The groups of the threat lists, which follow from their rows. */
function listGroups(): string {
  return THREAT_LISTS.map(({ flag, title, help, refresh, sources }) =>
    [
      title,
      `  -${flag}.enable\n        ${help}`,
      ...sources.map((source) => {
        const shown = source.default === "" ? "" : ` (default ${source.default})`;
        return `  -${source.flag} ${source.kind}\n        ${source.help}${shown}`;
      }),
      `  -${flag}.refresh duration`,
      `        Time between two readings of the list, at least 1s (default ${refresh})`,
      `  -${flag}.direction out|in|any`,
      "        Direction of contacts that count; empty takes -contacts.direction\n",
    ].join("\n")
  ).join("\n");
}

Deno.test("usage is the committed text with a group for each list", async () => {
  const golden = await Deno.readTextFile(GOLDEN);
  assert.equal(usage(), golden.replace("{lists}\n", () => `${listGroups()}\n`));
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
