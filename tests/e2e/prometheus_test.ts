import assert from "node:assert/strict";
import { startExporter } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { PrometheusServer } from "./prometheus_server.ts";
import { waitUntil } from "./wait_until.ts";

const START_MS = 30_000;

Deno.test("Prometheus scrapes the binary without an error and has every series of its page", async () => {
  await using exporter = startExporter("-cpu.min=0");
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  await using prometheus = await PrometheusServer.startFor(exporter.port, "1s");
  const [target] = await prometheus.scraped(1, START_MS);
  assert.deepEqual([target?.health, target?.lastError], ["up", ""]);

  const page = await exporter.process.answer(`${exporter.base}/metrics`, START_MS);
  const names = [...new Set([...sampleValues(page).keys()].map((key) => key.split("{", 1)[0]))];
  const selector = '{job="oie",__name__=~"(oie|process)_.+"}';
  const counted = await waitUntil("the series of the page", async () => {
    const found = await prometheus.query(`count by (__name__) (${selector})`);
    return found.length >= names.length ? found : undefined;
  }, { withinMs: START_MS, describe: () => prometheus.process.output });
  assert.deepEqual(counted.map(({ metric }) => metric["__name__"]).sort(), names.sort());

  const value = async (expression: string) =>
    await prometheus.value(expression) ?? assert.fail(expression);
  assert.equal(await value(`count(${selector})`), sampleValues(page).size);
  assert.equal(await value("count(oie_instance_info)"), await value("oie_host_active_vms"));
  const owner = "count(oie_disk_info * on (instance_uuid) group_left(flavor) oie_instance_info)";
  assert.equal(await value(owner), await value("count(oie_disk_info)"));
});
