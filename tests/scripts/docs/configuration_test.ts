import assert from "node:assert/strict";
import type { FlagRow } from "../../../lib/config/flag_row.ts";
import { FLAGS } from "../../../lib/config/flags.ts";
import { type KindName, KINDS } from "../../../lib/config/kinds.ts";
import { parseFlags } from "../../../lib/config/parse_flags.ts";
import { SUBCOMMANDS } from "../../../lib/config/subcommands.ts";
import {
  exampleOf,
  firstFlagsMarkdown,
  flagsMarkdown,
} from "../../../scripts/docs/configuration.ts";
import { KIND_NOTES } from "../../../scripts/docs/kind_notes.ts";

const ROWS: readonly FlagRow[] = FLAGS;

Deno.test("KIND_NOTES has examples that the parser takes and values that it refuses", () => {
  for (const [kind, { examples, refused }] of Object.entries(KIND_NOTES)) {
    const { parse } = KINDS[kind as KindName];
    for (const text of examples) assert.doesNotThrow(() => parse(text), `${kind}: ${text}`);
    for (const text of refused) assert.throws(() => parse(text), Error, `${kind}: ${text}`);
  }
});

Deno.test("exampleOf gives of each flag something that it takes and that is not its default", () => {
  for (const row of ROWS) {
    const example = exampleOf(row).replaceAll("'", "");
    assert.doesNotThrow(() => parseFlags(["-customlist.path=/listed.txt", example]), example);
    assert.notEqual(example, `-${row.name}=${row.default}`);
  }
});

Deno.test("flagsMarkdown has one well-formed row for each flag and each kind", () => {
  const [own = ""] = flagsMarkdown().split("\n### The word ", 1);
  const rows = own.split("\n").filter((line) => line.startsWith("| `-"));
  assert.deepEqual(rows.map((row) => row.split(/(?<!\\)\|/).length), FLAGS.map(() => 7));
  assert.deepEqual(rows.map((row) => row.split("`")[1]), FLAGS.map(({ name }) => `-${name}`));
  for (const kind of Object.keys(KINDS)) {
    assert.ok(flagsMarkdown().includes(`\n| ${kind} | `), kind);
  }
});

Deno.test("flagsMarkdown has every flag of each subcommand", () => {
  for (const { name, flags } of SUBCOMMANDS) {
    const [, section = ""] = flagsMarkdown().split(`### The word \`${name}\``);
    const rows = [...section.split("\n### ", 1)[0]?.matchAll(/^\| `-([a-z.]+)` \|/gm) ?? []];
    assert.deepEqual(rows.map(([, flag]) => flag), flags.map((flag) => flag.name));
  }
});

Deno.test("firstFlagsMarkdown has a row for each of its flags", () => {
  assert.equal(
    firstFlagsMarkdown().split("\n").filter((line) => line.startsWith("| `-")).length,
    12,
  );
});
