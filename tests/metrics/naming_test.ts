import assert from "node:assert/strict";
import { FAMILIES, LINT_EXCEPTIONS } from "../../lib/metrics/families.ts";
import { CONVERSIONS, type Family, family } from "../../lib/metrics/family.ts";
import { labelText, NO_LABELS } from "../../lib/metrics/labels.ts";
import { nameFamilies, NAMINGS } from "../../lib/metrics/naming.ts";
import { type PageOptions, PageWriter } from "../../lib/metrics/page_writer.ts";
import { type Sample, sample } from "../../lib/metrics/sample.ts";

const DATA = family({
  name: "x_gbytes",
  type: "counter",
  help: 'Data in "GiB".',
  labels: ["disk"],
  exported: "always",
  since: "domain",
  convention: { name: "x_bytes_total", help: 'Data in "bytes".', conversion: "gbytes" },
});
const UP = family({ name: "up", type: "gauge", help: "Up.", labels: [], exported: "always" });
const LOST = family({
  name: "lost_total",
  type: "counter",
  help: "Lost.",
  labels: [],
  exported: "always",
  since: "exporter",
});

function ofList(value: string) {
  return family({
    name: `${value}_entries`,
    type: "gauge",
    help: `Entries of ${value}.`,
    labels: [],
    exported: "always",
    convention: { name: "entries", help: "Entries.", label: { name: "list", value } },
  });
}
const TOR = ofList("tor");
const DROP = ofList("drop");

const SAMPLES: readonly Sample[] = [
  sample(DATA, labelText(DATA.labels, { disk: "vda" }), 1.5),
  sample(TOR, NO_LABELS, 7),
  sample(UP, NO_LABELS, 1),
  sample(DROP, NO_LABELS, 9),
  sample(LOST, NO_LABELS, 3n),
];

function page(options: PageOptions): string {
  const writer = new PageWriter({ expectedBytes: 0, ...options });
  const families = SAMPLES.map((own): [Family, { samples: Sample[]; instance: string }[]] => [
    own.family,
    [{ samples: [own], instance: "uuid" }],
  ]);
  writer.write(new Map(families), { emptyHeaders: true });
  return new TextDecoder().decode(writer.finish());
}

const OWN = `\
# HELP x_gbytes Data in "GiB".
# TYPE x_gbytes counter
x_gbytes{disk="vda"} 1.5
# HELP tor_entries Entries of tor.
# TYPE tor_entries gauge
tor_entries 7
# HELP up Up.
# TYPE up gauge
up 1
# HELP drop_entries Entries of drop.
# TYPE drop_entries gauge
drop_entries 9
# HELP lost_total Lost.
# TYPE lost_total counter
lost_total 3
`;
const TWINS = `\
# HELP x_bytes_total Data in "bytes".
# TYPE x_bytes_total counter
x_bytes_total{disk="vda"} 1610612736
# HELP entries Entries.
# TYPE entries gauge
entries{list="tor"} 7
entries{list="drop"} 9
`;

Deno.test("PageWriter writes the specification's names, or both, each name's lines together", () => {
  assert.equal(page({ naming: "oie" }), OWN);
  assert.equal(page({ naming: "both" }), OWN + TWINS);
});

Deno.test("PageWriter writes names by convention where there are, else the family's own", () => {
  assert.equal(
    page({ naming: "prometheus" }),
    `${TWINS}# HELP up Up.\n# TYPE up gauge\nup 1\n` +
      "# HELP lost_total Lost.\n# TYPE lost_total counter\nlost_total 3\n",
  );
});

Deno.test("PageWriter writes OpenMetrics with units, the origin of counters and its end", () => {
  const origins = {
    exporter: 1_500,
    domain: (uuid: string) => uuid === "uuid" ? 2_250 : undefined,
  };
  assert.equal(
    page({ naming: "prometheus", format: "openMetrics", origins }),
    `\
# HELP x_bytes Data in \\"bytes\\".
# TYPE x_bytes counter
# UNIT x_bytes bytes
x_bytes_total{disk="vda"} 1610612736
x_bytes_created{disk="vda"} 2.25
# HELP entries Entries.
# TYPE entries gauge
entries{list="tor"} 7
entries{list="drop"} 9
# HELP up Up.
# TYPE up gauge
up 1
# HELP lost Lost.
# TYPE lost counter
lost_total 3
lost_created 1.5
# EOF
`,
  );
});

Deno.test("PageWriter tells no origin that nobody knows", () => {
  const origins = { exporter: 1_500, domain: () => undefined };
  const text = page({ naming: "prometheus", format: "openMetrics", origins });
  assert.deepEqual(text.match(/^.*_created.*$/gm), ["lost_created 1.5"]);
});

Deno.test("nameFamilies gives every family of the program one name by convention that Prometheus likes", () => {
  for (const naming of NAMINGS) {
    const names = nameFamilies(FAMILIES, naming).map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)], naming);
  }
  for (const { name, parts } of nameFamilies(FAMILIES, "prometheus")) {
    const types = new Set(parts.map(({ family }) => family.type));
    assert.equal(types.size, 1, name);
    assert.equal(name.endsWith("_total"), types.has("counter"), name);
    assert.ok(!/gbytes|percent|_(er|drp|pkt|rx|tx|dst)_|_[rw]_|_go_/.test(name), name);
    if (parts.length > 1) {
      const labels = new Set(parts.map(({ appearance }) => appearance.label?.value));
      assert.equal(labels.size, parts.length, name);
    }
  }
});

Deno.test("FAMILIES whose names promtool dislikes have a twin, and a converted unit is in its name", () => {
  for (const name of LINT_EXCEPTIONS) {
    assert.ok(FAMILIES.find((row) => row.name === name)?.convention, name);
  }
  for (const { name, convention } of FAMILIES) {
    assert.equal(/_gbytes|_percent/.test(name), convention?.conversion !== undefined, name);
    if (!convention?.conversion) continue;
    const { unit } = CONVERSIONS[convention.conversion];
    assert.match(convention.name, new RegExp(`_${unit}(_total)?$`));
  }
});
