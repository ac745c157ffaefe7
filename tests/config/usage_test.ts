import assert from "node:assert/strict";
import { COLLECTOR_ROWS } from "../../lib/config/collector_flags.ts";
import { FLAGS } from "../../lib/config/flags.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { usage } from "../../lib/config/usage.ts";

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

/** The group of the collectors, which follows from their rows. */
function collectorGroup(): string {
  const flags = COLLECTOR_ROWS.map((row) => {
    const shown = row.default === "true" ? " (default true)" : "";
    return `  -collector.${row.name}\n        Export ${row.exports}; costs ${row.cost}${shown}\n`;
  });
  return `Collectors\n${flags.join("")}`;
}

Deno.test("usage is the committed text with a group for each list and a flag for each collector", async () => {
  const golden = await Deno.readTextFile(GOLDEN);
  const text = golden
    .replace("{collectors}\n", () => collectorGroup())
    .replace("{lists}\n", () => `${listGroups()}\n`);
  assert.equal(usage(), text);
});

Deno.test("rows of a group stand together and no name comes twice", () => {
  const starts = FLAGS.filter((row, at) => row.group !== FLAGS[at - 1]?.group);
  assert.equal(new Set(starts.map((row) => row.group)).size, starts.length);
  assert.equal(new Set(FLAGS.map((row) => row.name)).size, FLAGS.length);
});
