import {
  FAMILIES,
  HOST_FAMILIES,
  INSTANCE_FAMILIES,
  LINT_EXCEPTIONS,
  THREAT_HOST_FAMILIES,
} from "../lib/metrics/families.ts";
import { CONVERSIONS, type Family } from "../lib/metrics/family.ts";
import { HOST_RESOURCE_FAMILIES } from "../lib/metrics/host_resource_families.ts";
import { ANSIBLE_FILES } from "./ansible_role/files.ts";
import { apiMarkdown, apiSchemas } from "./api/documents.ts";
import { firstFlagsMarkdown, flagsMarkdown } from "./docs/configuration.ts";
import { MANUAL_FILES } from "./manual/files.ts";
import { examplesMarkdown } from "./monitoring/examples.ts";
import { MONITORING_FILES } from "./monitoring/documents.ts";
import { replaceSection } from "./replace_section.ts";

const ROOT = new URL("../", import.meta.url);

/** A committed text that follows from the tables of the program. */
interface Document {
  readonly path: string;
  readonly render: (current: string) => string;
}

const DOCUMENTS: readonly Document[] = [
  { path: "packaging/docs/metrics.md", render: metricsMarkdown },
  {
    path: "README.md",
    render: (current) => replaceSection(current, "flags", firstFlagsMarkdown()),
  },
  {
    path: "packaging/docs/configuration.md",
    render: (current) => replaceSection(current, "flags", flagsMarkdown()),
  },
  {
    path: "packaging/docs/api.md",
    render: (current) => replaceSection(current, "fields", apiMarkdown()),
  },
  ...Object.entries({ ...ANSIBLE_FILES, ...apiSchemas(), ...MANUAL_FILES, ...MONITORING_FILES })
    .map((
      [path, render],
    ) => ({ path, render })),
];

/** Every family, as a page of the documentation. */
export function metricsMarkdown(): string {
  return `# Metrics

Generated from \`lib/metrics\` by \`deno task docs\`. ${FAMILIES.length} families; a series is on the
page only while the column *exported* says so, and a value that could not be read is absent, never 0.

## Of each instance

${table(INSTANCE_FAMILIES)}
## Of the host and the exporter

${table(HOST_FAMILIES)}
## Of the host's resources

What node_exporter has is left out, but for what a ratio with the instances' own needs on the same page:
load, disks, network and the rest of the memory are its \`node_load1\`, \`node_disk_*\`, \`node_network_*\`
and \`node_memory_*\`. A file of the kernel that is missing or odd costs its families alone, and the log
says so once.

${table(HOST_RESOURCE_FAMILIES)}
## Of the threat lists

${table(THREAT_HOST_FAMILIES)}
## Examples

In PromQL, over the names above and those that the [recording rules](prometheus.md#recording-rules) keep.
\`hypervisor\` is the label of [the scrape](prometheus.md#scrape).

${examplesMarkdown()}
## Names by convention

The source specification fixes names that Prometheus' naming rules would not choose: abbreviations, a
gauge that ends in \`_total\` or a counter that does not, GiB and percent, a list's name inside the
name. With \`-metrics.names=prometheus\` these families have the names on the right instead, with
\`both\` beside them; all others are by convention already.

${conventionTable()}
\`promtool check metrics\` complains about ${LINT_EXCEPTIONS.length} names of the left column, and of
nothing with \`-metrics.names=prometheus\`.
`;
}

function conventionTable(): string {
  const rows = FAMILIES.flatMap(({ name, convention }) => {
    if (!convention) return [];
    const { label, conversion } = convention;
    const twin = convention.name + (label ? `{${label.name}="${label.value}"}` : "");
    const value = conversion ? `times ${CONVERSIONS[conversion].factor}` : "the same";
    return [`| \`${name}\` | \`${twin}\` | ${value} |\n`];
  });
  return `| name | by convention | value |\n|---|---|---|\n${rows.join("")}`;
}

function table(families: readonly Family[]): string {
  const rows = families.map(({ name, type, labels, help, exported }) =>
    `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ")} | ` +
    `${help.replaceAll("|", "\\|")} | ${exported.replaceAll("|", "\\|")} |\n`
  );
  return `| name | type | labels | meaning | exported |\n|---|---|---|---|---|\n${rows.join("")}`;
}

/** Writes the documents; with `--check` only says which ones are out of date. */
async function main(args: readonly string[]): Promise<number> {
  const isCheck = args.includes("--check");
  let stale = 0;
  for (const { path, render } of DOCUMENTS) {
    const file = new URL(path, ROOT);
    const current = await Deno.readTextFile(file).catch((error: unknown) => {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    });
    const wanted = render(current);
    if (wanted === current) continue;
    stale++;
    if (isCheck) console.error(`${path} is out of date: run "deno task docs" and commit it`);
    else await Deno.writeTextFile(file, wanted);
  }
  return isCheck && stale > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
