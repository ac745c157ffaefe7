import assert from "node:assert/strict";
import { startExporter } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const START_MS = 30_000;

interface Target {
  readonly health: string;
  readonly lastError: string;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

async function api<T>(base: string, path: string): Promise<T> {
  const response = await fetch(`${base}/api/v1/${path}`);
  const { status, data } = await response.json();
  assert.equal(status, "success", path);
  return data;
}

async function query(base: string, expression: string): Promise<readonly Series[]> {
  const path = `query?query=${encodeURIComponent(expression)}`;
  return (await api<{ result: readonly Series[] }>(base, path)).result;
}

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
    const port = freePort();
    const base = `http://127.0.0.1:${port}`;
    await using prometheus = new RealProcess("prometheus", [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    const describe = () => prometheus.output;
    const target = await waitUntil("a scrape", async () => {
      const { activeTargets } = await api<{ activeTargets: readonly Target[] }>(base, "targets");
      return activeTargets.find(({ health }) => health !== "unknown");
    }, { withinMs: START_MS, describe });
    assert.deepEqual([target.health, target.lastError], ["up", ""]);

    const page = await exporter.process.answer(`${exporter.base}/metrics`, START_MS);
    const names = [...new Set([...sampleValues(page).keys()].map((key) => key.split("{", 1)[0]))];
    const selector = '{job="oie",__name__=~"(oie|process)_.+"}';
    const counted = await waitUntil("the series of the page", async () => {
      const found = await query(base, `count by (__name__) (${selector})`);
      return found.length >= names.length ? found : undefined;
    }, { withinMs: START_MS, describe });
    assert.deepEqual(counted.map(({ metric }) => metric["__name__"]).sort(), names.sort());

    const [total] = await query(base, `count(${selector})`);
    assert.equal(Number(total?.value[1]), sampleValues(page).size);
    const [instances] = await query(base, "count(oie_instance_info)");
    const [active] = await query(base, "oie_host_active_vms");
    assert.equal(instances?.value[1], active?.value[1]);
    const owner = "count(oie_disk_info * on (instance_uuid) group_left(flavor) oie_instance_info)";
    const [joined] = await query(base, owner);
    const [disks] = await query(base, "count(oie_disk_info)");
    assert.equal(joined?.value[1], disks?.value[1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
