import assert from "node:assert/strict";
import { FORMATS, formatValue } from "../../lib/metrics/exposition.ts";
import { sampleLine } from "./sample_line.ts";
import { family } from "../../lib/metrics/family.ts";
import { labelText } from "../../lib/metrics/labels.ts";
import { sample } from "../../lib/metrics/sample.ts";

const DISKS = family({
  name: "x_disk",
  type: "gauge",
  help: "One\nline with a \\.",
  labels: ["host", "disk"],
  exported: "always",
});
const HOSTS = family({
  name: "x_host",
  type: "gauge",
  help: "A host.",
  labels: ["host"],
  exported: "always",
});

Deno.test("sampleLine writes name, labels and value on one line", () => {
  const labels = labelText(DISKS.labels, { host: "h", disk: "vda" });
  assert.equal(sampleLine(sample(DISKS, labels, 0.5)), 'x_disk{host="h",disk="vda"} 0.5\n');
});

Deno.test("FORMATS.text keeps its help on one line", () => {
  assert.equal(
    FORMATS.text.header(DISKS),
    "# HELP x_disk One\\nline with a \\\\.\n# TYPE x_disk gauge\n",
  );
});

// Checked by the compiler alone: an error that is expected and does not come fails the check.
export function doesNotCompile() {
  // @ts-expect-error: a label is missing
  labelText(DISKS.labels, { host: "h" });
  // @ts-expect-error: a label too many
  labelText(HOSTS.labels, { host: "h", disk: "vda" });
  // @ts-expect-error: labels of another family
  sample(DISKS, labelText(HOSTS.labels, { host: "h" }), 1);
}

const VALUES: readonly (readonly [value: number | bigint, text: string])[] = [
  [0, "0"],
  [-0, "0"],
  [1.5, "1.5"],
  [1e21, "1e+21"],
  [1e-7, "1e-7"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [NaN, "NaN"],
  [18446744073709551615n, "18446744073709551615"],
];

for (const [value, text] of VALUES) {
  Deno.test(`formatValue writes ${text}`, () => assert.equal(formatValue(value), text));
}
