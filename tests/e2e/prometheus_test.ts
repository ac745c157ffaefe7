import assert from "node:assert/strict";
import { startExporter } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { PrometheusServer } from "./prometheus_server.ts";
import { waitUntil } from "./wait_until.ts";

const START_MS = 30_000;

Deno.test("Prometheus scrapes the binary without an error and has every series of its page", async () => {
  await using exporter = startExporter("-cpu.min=0");
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);

  const folder = await Deno.makeTempDir({ prefix: "oie-prometheus-" });
  try {
    const config = {
      global: { scrape_interval: "1s", scrape_timeout: "1s" },
      scrape_configs: [
        { job_name: "oie", static_configs: [{ targets: [`127.0.0.1:${exporter.port}`] }] },
      ],
    };
    // JSON is YAML.
    await Deno.writeTextFile(`${folder}/prometheus.yml`, JSON.stringify(config));
    await using prometheus = PrometheusServer.start(folder);
    const describe = () => prometheus.process.output;
    const target = await waitUntil(
      "a scrape",
      async () => (await prometheus.targets())[0],
      { withinMs: START_MS, describe },
    );
    assert.deepEqual([target.health, target.lastError], ["up", ""]);

    const page = await exporter.process.answer(`${exporter.base}/metrics`, START_MS);
    const names = [...new Set([...sampleValues(page).keys()].map((key) => key.split("{", 1)[0]))];
    const selector = '{job="oie",__name__=~"(oie|process)_.+"}';
    const counted = await waitUntil("the series of the page", async () => {
      const found = await prometheus.query(`count by (__name__) (${selector})`);
      return found.length >= names.length ? found : undefined;
    }, { withinMs: START_MS, describe });
    assert.deepEqual(counted.map(({ metric }) => metric["__name__"]).sort(), names.sort());

    assert.equal(await prometheus.value(`count(${selector})`), sampleValues(page).size);
    const active = await prometheus.value("oie_host_active_vms");
    assert.equal(await prometheus.value("count(oie_instance_info)"), active);
    const owner = "count(oie_disk_info * on (instance_uuid) group_left(flavor) oie_instance_info)";
    const disks = await prometheus.value("count(oie_disk_info)");
    assert.equal(await prometheus.value(owner), disks);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
