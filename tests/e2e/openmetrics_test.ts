import assert from "node:assert/strict";
import { parseOpenMetrics } from "../openmetrics_parser.ts";
import { startExporter } from "./exporter_binary.ts";
import { PrometheusServer } from "./prometheus_server.ts";
import { waitUntil } from "./wait_until.ts";

const WAIT_MS = 30_000;
/** What Prometheus 2 sends by default, since 2.5. */
const ACCEPT =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;" +
  "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
const OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** A page in OpenMetrics; the exporter makes it from the first question on. */
async function openMetrics(url: string, coding: string): Promise<string> {
  return await waitUntil("a page in OpenMetrics", async () => {
    const headers = { accept: ACCEPT, "accept-encoding": coding };
    const response = await fetch(url, { headers });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return response.headers.get("content-type") === OPEN_METRICS ? text : undefined;
  }, { withinMs: WAIT_MS });
}

Deno.test("Prometheus scrapes OpenMetrics by conventional names, which the strict parser takes", async (test) => {
  await using exporter = startExporter("-metrics.names=prometheus", "-cpu.min=0");
  const url = `${exporter.base}/metrics`;
  await exporter.process.answer(`${exporter.base}/-/ready`, WAIT_MS);
  // In text, whose names are those that the run of all tests lists as seen.
  await exporter.process.answer(url, WAIT_MS);
  const page = await openMetrics(url, "identity");
  const families = await parseOpenMetrics(page);

  await test.step("compressed pages and chosen collectors too", async () => {
    const names = async (query: string, coding: string) =>
      (await parseOpenMetrics(await openMetrics(`${url}${query}`, coding))).map(({ name }) => name);
    const all = families.map(({ name }) => name);
    assert.deepEqual(await names("", "gzip"), all);
    const chosen = await names("?collect[]=cpu&collect[]=host", "gzip");
    assert.ok(chosen.includes("oie_cpu_usage_ratio") && chosen.includes("oie_host_cpu_seconds"));
    assert.ok(!chosen.includes("oie_instance_info") && !chosen.includes("oie_libvirt_info"));
    const others = await names("?exclude[]=cpu&exclude[]=host", "identity");
    assert.ok(!others.includes("oie_cpu_usage_ratio") && !others.includes("oie_host_cpu_seconds"));
    assert.deepEqual(new Set([...chosen, ...others]), new Set(all));
  });

  await test.step("Prometheus has every sample, and the units, which no other format tells", async () => {
    await using prometheus = await PrometheusServer.startFor(exporter.port, "1s");
    const [target] = await prometheus.scraped(1, WAIT_MS);
    assert.deepEqual([target?.health, target?.lastError], ["up", ""]);
    const names = new Set(families.flatMap(({ samples }) => samples.map(([name]) => name)));
    const selector = '{job="oie",__name__=~"(oie|process)_.+"}';
    const counted = await waitUntil("the series of the page", async () => {
      const found = await prometheus.query(`count by (__name__) (${selector})`);
      return found.length >= names.size ? found : undefined;
    }, { withinMs: WAIT_MS, describe: () => prometheus.process.output });
    assert.deepEqual(counted.map(({ metric }) => metric["__name__"]).sort(), [...names].sort());
    const known = await prometheus.metadata();
    for (const { name, type, unit, samples } of families) {
      if (samples.length === 0) continue;
      const told = known.find(({ metric }) => metric === name);
      assert.deepEqual([name, told?.type, told?.unit], [name, type, unit]);
    }
    const [created] = await prometheus.query("oie_host_collection_errors_created");
    const sinceSeconds = Date.now() / 1000 - Number(created?.samples[0]?.[1]);
    assert.ok(sinceSeconds > 0 && sinceSeconds < 3600, `${sinceSeconds} s`);
  });
});
