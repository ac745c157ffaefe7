import assert from "node:assert/strict";
import fc from "fast-check";
import { FORMATS } from "../../lib/metrics/exposition.ts";
import { sampleLine } from "./sample_line.ts";
import { family } from "../../lib/metrics/family.ts";
import { labelText } from "../../lib/metrics/labels.ts";
import { PageWriter } from "../../lib/metrics/page_writer.ts";
import { sample } from "../../lib/metrics/sample.ts";

const FAMILY = family({
  name: "a_ünicode_name",
  type: "gauge",
  help: "Help with ünicode.",
  labels: ["x"],
  exported: "always",
});

Deno.test("PageWriter writes what sampleLine says, whatever the labels and values, in any size", () => {
  const value = fc.oneof(fc.double(), fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: "binary" }), value), { minLength: 1 }),
      fc.nat(2_000),
      (rows, expectedBytes) => {
        const samples = rows.map(([x, value]) =>
          sample(FAMILY, labelText(FAMILY.labels, { x }), value)
        );
        const writer = new PageWriter({ expectedBytes });
        writer.write(new Map([[FAMILY, [{ samples }]]]), { emptyHeaders: false });
        assert.equal(
          new TextDecoder().decode(writer.finish()),
          FORMATS.text.header(FAMILY) + samples.map(sampleLine).join(""),
        );
      },
    ),
    { seed: 20261123, numRuns: 300 },
  );
});
