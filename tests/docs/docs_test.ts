import assert from "node:assert/strict";
import { join } from "node:path";
import { COLLECTOR_ROWS } from "../../lib/config/collector_flags.ts";
import { FLAGS } from "../../lib/config/flags.ts";
import { SUBCOMMANDS } from "../../lib/config/subcommands.ts";
import { FAMILIES } from "../../lib/metrics/families.ts";
import { nameFamilies } from "../../lib/metrics/naming.ts";
import { RECORDING_GROUPS } from "../../scripts/monitoring/recording_rules.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { brokenLinks } from "./markdown_links.ts";
import { type KnownNames, unknownNames } from "./mentioned_names.ts";

/** What is not of the repository, or is the name of something else in each place. */
const LEFT_OUT = /^(\.git|\.cache|dist|node_modules|tests\/fixtures)\//;

/** What operators read and load; the sources of it have tests of their own. */
const READ = /^([A-Z]+|packaging\/.*)\.md$|^packaging\/.*\.(ya?ml|json|service|1)$/;

/** Files of the repository below a folder, `""` the whole. */
function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(REPOSITORY, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (LEFT_OUT.test(isDirectory ? `${path}/` : path)) continue;
    if (isDirectory) yield* filesBelow(path);
    else yield path;
  }
}

const FILES = [...filesBelow("")].sort();

async function textsOf(pattern: RegExp): Promise<ReadonlyMap<string, string>> {
  const paths = FILES.filter((path) => pattern.test(path));
  const texts = paths.map(async (path) =>
    [path, await Deno.readTextFile(`${REPOSITORY}/${path}`)] as const
  );
  return new Map(await Promise.all(texts));
}

async function knownNames(): Promise<KnownNames> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${REPOSITORY}/deno.json`));
  const records = RECORDING_GROUPS.flatMap(({ rules }) => rules.map(({ record }) => record));
  return {
    metrics: new Set([...nameFamilies(FAMILIES, "both").map(({ name }) => name), ...records]),
    flags: new Set(
      [FLAGS, ...SUBCOMMANDS.map(({ flags }) => flags)].flat().map(({ name }) => name),
    ),
    tasks: new Set(Object.keys(tasks)),
  };
}

Deno.test("links of every page lead to files and headings that are there", async () => {
  const there = new Set(FILES.flatMap((path) => {
    const parts = path.split("/");
    return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  }));
  const pages = await textsOf(/\.md$/);
  assert.ok(pages.size > 10, String(pages.size));
  assert.deepEqual(brokenLinks(pages, (path) => there.has(path.replace(/\/$/, ""))), []);
});

Deno.test("documents, rules and dashboards name metrics, flags and tasks that there are", async () => {
  const known = await knownNames();
  const texts = await textsOf(READ);
  assert.ok(texts.size > 40, String(texts.size));
  const complaints = [...texts].flatMap(([path, text]) =>
    // A manual page writes a dash as "\\-".
    unknownNames(text.replaceAll("\\-", "-"), known).map((complaint) => `${path}: ${complaint}`)
  );
  assert.deepEqual(complaints, []);
});

Deno.test("configuration.md and metrics.md have every flag, collector and family", async () => {
  const configuration = await Deno.readTextFile(`${REPOSITORY}/packaging/docs/configuration.md`);
  const metrics = await Deno.readTextFile(`${REPOSITORY}/packaging/docs/metrics.md`);
  for (const { name } of FLAGS) assert.ok(configuration.includes(`\n| \`-${name}\` |`), name);
  for (const { name } of COLLECTOR_ROWS) assert.ok(configuration.includes(`-collector.${name}`));
  for (const { name } of FAMILIES) assert.ok(metrics.includes(`\n| \`${name}\` |`), name);
});

Deno.test("the index of the documentation leads to each of its pages", async () => {
  const folder = "packaging/docs";
  const index = await Deno.readTextFile(`${REPOSITORY}/${folder}/README.md`);
  const pages = FILES.filter((path) => /^packaging\/docs\/[^/]+\.md$/.test(path))
    .map((path) => path.slice(folder.length + 1)).filter((name) => name !== "README.md");
  assert.deepEqual(pages.filter((name) => !index.includes(`](${name})`)), []);
});
