import assert from "node:assert/strict";
import fc from "fast-check";
import { FAMILIES, LINT_EXCEPTIONS } from "../../lib/metrics/families.ts";
import { INSTANCE_INFO } from "../../lib/metrics/instance_families.ts";
import { labelText } from "../../lib/metrics/labels.ts";
import { PageWriter } from "../../lib/metrics/page_writer.ts";
import { type Sample, sample } from "../../lib/metrics/sample.ts";
import { complaintsOf } from "./promtool.ts";

const GOLDEN = new URL("../fixtures/page.golden.txt", import.meta.url);

Deno.test("promtool dislikes nothing of the golden page but the specification's own names", async () => {
  const complaints = await complaintsOf(await Deno.readFile(GOLDEN));
  const names = complaints.map((line) => line.split(" ")[0] ?? "");
  assert.deepEqual(names.filter((name) => !LINT_EXCEPTIONS.includes(name)), []);
  assert.ok(names.includes("oie_disk_r_gbytes"), "promtool did read the page");
});

Deno.test("promtool dislikes nothing of a page by the names of the conventions", async () => {
  const page = new PageWriter({ naming: "prometheus" });
  page.write(new Map(FAMILIES.map((family) => [family, []])), { emptyHeaders: true });
  // Families without lines are not looked at: a line each, with the labels that its name adds.
  const text = new TextDecoder().decode(page.finish()).replace(
    /^(# TYPE (\S+) \S+)$/gm,
    '$1\n$2{list="x"} 1',
  );
  assert.deepEqual(await complaintsOf(new TextEncoder().encode(text)), []);
});

Deno.test("promtool parses a page whose labels are any text", async () => {
  const texts = fc.sample(fc.string({ unit: "binary", maxLength: 300 }), {
    seed: 20261123,
    numRuns: 3_000,
  });
  const samples = texts.map((text, at) => {
    const names = INSTANCE_INFO.labels.map((name) => [name, text] as const);
    const labels = {
      ...Object.fromEntries(names) as Record<(typeof INSTANCE_INFO.labels)[number], string>,
      instance_uuid: String(at),
    };
    return sample(INSTANCE_INFO, labelText(INSTANCE_INFO.labels, labels), at);
  });
  const page = (...groups: Sample[][]) => {
    const writer = new PageWriter();
    writer.write(new Map([[INSTANCE_INFO, groups.map((samples) => ({ samples }))]]), {
      emptyHeaders: false,
    });
    return writer.finish();
  };
  assert.deepEqual(await complaintsOf(page(samples)), []);
  // It would have said so: the same page with one quote not escaped.
  const bytes = new TextEncoder().encode('{domain="a"b"}');
  const broken = await complaintsOf(
    page(samples, [{ family: INSTANCE_INFO, labels: { bytes }, value: 1 }]),
  );
  assert.match(broken.join("\n"), /error while (linting|parsing)/);
});
