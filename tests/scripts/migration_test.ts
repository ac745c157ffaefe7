import assert from "node:assert/strict";
import { FAMILIES } from "../../lib/metrics/families.ts";
import { REPOSITORY } from "../../scripts/repository.ts";

const PAGE = await Deno.readTextFile(`${REPOSITORY}/packaging/docs/migration.md`);
const THEIRS = await Deno.readTextFile(`${REPOSITORY}/tests/fixtures/libvirt_exporters.txt`);

/** Cells of the tables: theirs on the left, ours on the right. */
const ROWS = PAGE.split("\n").filter((line) => line.startsWith("| ")).map((line) =>
  line.split("|").slice(1, 3)
);

/** Names in a cell's code, with what `{a,b}` and `[ab]` stand for; `*` stays. */
function namesIn(cell: string): string[] {
  const patterns = [...cell.matchAll(/`([^`]+)`/g)]
    .flatMap(([, code = ""]) => code.match(/(libvirtd?|oie)_[\w*{},[\]]+/g) ?? []);
  return patterns.flatMap(unfold);
}

function unfold(pattern: string): string[] {
  const [group, braces, brackets] = /\{([^}]*)\}|\[([^\]]*)\]/.exec(pattern) ?? [];
  if (group === undefined) return [pattern];
  const choices = braces?.split(",") ?? [...brackets ?? ""];
  return choices.flatMap((choice) => unfold(pattern.replace(group, choice)));
}

function fits(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.replaceAll("*", "\\w+")}$`).test(name);
}

Deno.test("migration page maps every name of the other libvirt exporters", () => {
  const known = ROWS.flatMap(([theirs = ""]) => namesIn(theirs));
  const names = THEIRS.split("\n").filter((line) => /^libvirtd?_/.test(line));
  assert.ok(names.length > 100);
  const missing = names.filter((name) => !known.some((pattern) => fits(pattern, name)));
  assert.deepEqual(missing, []);
});

Deno.test("migration page names no family that there is not", () => {
  const declared = FAMILIES.map(({ name }) => name);
  const ours = ROWS.flatMap(([, ours = ""]) => namesIn(ours));
  assert.deepEqual(
    ours.filter((pattern) => !declared.some((name) => fits(pattern, name))),
    [],
  );
  const kept = ROWS.flatMap(([theirs = ""]) => namesIn(theirs))
    .filter((name) => name.startsWith("oie_"));
  assert.deepEqual(
    kept.filter((pattern) => !declared.some((name) => fits(pattern, name))),
    [],
  );
});
