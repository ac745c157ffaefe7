import assert from "node:assert/strict";
import { REPOSITORY } from "../../scripts/repository.ts";
import { parseOpenMetrics } from "../openmetrics_parser.ts";

const GOLDEN = `${REPOSITORY}/tests/fixtures/openmetrics.golden.txt`;

Deno.test("the strict parser takes the golden page: counters with their time, gauges, units", async () => {
  const page = await Deno.readTextFile(GOLDEN);
  const families = await parseOpenMetrics(page);
  const lines = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assert.equal(families.flatMap(({ samples }) => samples).length, lines.length);
  assert.deepEqual(new Set(families.map(({ type }) => type)), new Set(["counter", "gauge"]));
  const time = families.find(({ name }) => name === "oie_cpu_seconds");
  assert.deepEqual([time?.type, time?.unit], ["counter", "seconds"]);
  const errors = families.find(({ name }) => name === "oie_host_collection_errors");
  assert.deepEqual(errors?.samples, [
    ["oie_host_collection_errors_total", {}, 1],
    ["oie_host_collection_errors_created", {}, 1_767_225_600],
  ]);
});

Deno.test("the strict parser refuses what OpenMetrics forbids, so it would tell", async () => {
  const page = await Deno.readTextFile(GOLDEN);
  for (
    const [broken, reason] of [
      [page.replace("# EOF\n", ""), /EOF/],
      [page.replace("oie_cpu_seconds_total{", "oie_cpu_seconds{"), /Clashing|Invalid|name/i],
      [page.replace("# UNIT oie_cpu_seconds seconds", "# UNIT oie_cpu_seconds bytes"), /[Uu]nit/],
    ] as const
  ) {
    await assert.rejects(parseOpenMetrics(broken), reason);
  }
});
