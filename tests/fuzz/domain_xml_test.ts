import assert from "node:assert/strict";
import fc from "fast-check";
import { COLLECTORS } from "../../lib/collectors/collectors.ts";
import { DomainXmlError, parseDomainXml } from "../../lib/inventory/domain_xml.ts";
import type { InstanceDescription } from "../../lib/inventory/instance.ts";
import { configOf, cycle, reading } from "../collectors/readings.ts";
import { textsOf } from "./corpus.ts";
import { mutatedText } from "./mutations.ts";
import { textOf } from "../metrics/sample_line.ts";

const RUNS = 6_000;
const DOMAINS = textsOf("domains", "corpus/domains");

function parse(xml: string): InstanceDescription | undefined {
  try {
    return parseDomainXml(xml);
  } catch (error) {
    if (!(error instanceof DomainXmlError)) throw error;
    return undefined;
  }
}

function expectDistinct(values: readonly string[]): void {
  assert.equal(new Set(values).size, values.length, values.join(" "));
}

Deno.test("a domain's XML that was mutated is refused with a DomainXmlError or described, and every collector takes it", () => {
  const collects = COLLECTORS.flatMap(({ start }) => start(configOf("-conntrack.min=0")) ?? []);
  const outcomes = { described: 0, refused: 0 };
  fc.assert(
    fc.property(mutatedText(DOMAINS), (xml) => {
      const description = parse(xml);
      if (description === undefined) {
        outcomes.refused++;
        return;
      }
      outcomes.described++;
      const { fixedIps, disks, interfaces, blockDevices, vcpus = 1, memoryKib = 1 } = description;
      expectDistinct(fixedIps.map(({ text }) => text));
      expectDistinct(disks.map(({ device }) => device));
      expectDistinct(interfaces.map(({ device }) => device));
      expectDistinct(blockDevices);
      assert.ok(Number.isSafeInteger(vcpus) && vcpus > 0 && Number.isSafeInteger(memoryKib));
      const instance = reading({
        description,
        stats: {
          disks: blockDevices.map((name) => ({ name, readBytes: 1n })),
          interfaces: interfaces.map(({ device }) => ({ name: device, rxBytes: 1n })),
        },
      });
      for (const collect of collects) {
        for (const { labels } of collect(instance, cycle()) ?? []) {
          assert.doesNotMatch(textOf(labels), /\n|\0/);
        }
      }
    }),
    { seed: 20_271, numRuns: RUNS },
  );
  assert.ok(
    outcomes.described > RUNS / 20 && outcomes.refused > RUNS / 4,
    JSON.stringify(outcomes),
  );
});
