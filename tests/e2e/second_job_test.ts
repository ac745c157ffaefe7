import assert from "node:assert/strict";
import { FLOWS_BY_KIND } from "../../lib/collectors/flow_kinds.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { pageBlock } from "../page_block.ts";
import { sampleValues } from "./page_text.ts";
import { PrometheusServer } from "./prometheus_server.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const WAIT_MS = 60_000;
const STOP_MS = 15_000;
const PACKAGING = `${REPOSITORY}/packaging/prometheus`;
/** What Prometheus adds to each scrape of a job. */
const OF_THE_SCRAPE = /^(up|scrape_.+)$/;

/** The packaged rules, under the jobs as prometheus.md has them; only the pace is the test's. */
async function writeConfiguration(folder: string, rules: string, targetPort: number) {
  for (const name of ["recording.rules.yml", "alerts.rules.yml"]) {
    await Deno.copyFile(`${PACKAGING}/${rules}${name}`, `${folder}/${name}`);
  }
  const [global = ""] = (await Deno.readTextFile(`${PACKAGING}/prometheus.yml`))
    .split("scrape_configs:");
  const jobs = await pageBlock("prometheus.md", "A second job", "yaml");
  await Deno.writeTextFile(
    `${folder}/prometheus.yml`,
    `${global}${jobs}`.replaceAll(/(_interval|_timeout): \d+s/g, "$1: 1s"),
  );
  await Deno.mkdir(`${folder}/targets`);
  // JSON is YAML.
  const targets = [{ targets: [`127.0.0.1:${targetPort}`] }];
  await Deno.writeTextFile(`${folder}/targets/demo.yml`, JSON.stringify(targets));
}

for (const [naming, rules] of [["oie", ""], ["prometheus", "prometheus-names/"]] as const) {
  Deno.test(`prometheus.md's two jobs give each series once, and single sums, ${naming}`, async () => {
    assert.equal(Deno.uid(), 0, "this test makes a network namespace: run it as root");
    await using stack = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ prefix: "oie-second-job-" });
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    const port = freePort();
    const demo = new RealProcess(Deno.execPath(), [
      ...["run", "--quiet", "--allow-all", `${REPOSITORY}/scripts/demo.ts`],
      `-web.listen-address=127.0.0.1:${port}`,
      "-collection.interval=1s",
      "-collector.flow_kinds",
      `-metrics.names=${naming}`,
    ]);
    // Told to end, it ends its exporter first; killed, it would leave it behind.
    stack.defer(async () => void await demo.stop("SIGINT", STOP_MS));
    await demo.answer(`http://127.0.0.1:${port}/-/ready`, WAIT_MS);
    await writeConfiguration(folder, rules, port);
    const prometheus = stack.use(PrometheusServer.start(folder));
    const targets = await prometheus.scraped(2, WAIT_MS);
    const labels = { instance: `127.0.0.1:${port}`, hypervisor: "127.0.0.1" };
    assert.deepEqual(targets.map((target) => [target.labels, target.health, target.lastError]), [
      [{ job: "openstack_flows", ...labels }, "up", ""],
      [{ job: "openstack_instances", ...labels }, "up", ""],
    ]);

    const jobsOf = await waitUntil("both jobs' series", async () => {
      const names = Map.groupBy(
        await prometheus.query('count by (__name__, job) ({job=~"openstack_.+"})'),
        ({ metric }) => metric["__name__"] ?? "",
      );
      const known = FLOWS_BY_KIND.families.every(({ name }) => names.has(name)) &&
        names.has("oie_host_active_vms");
      return known ? names : undefined;
    }, { withinMs: WAIT_MS, describe: () => prometheus.process.output });
    const both = [...jobsOf].filter(([, series]) => series.length > 1).map(([name]) => name);
    assert.deepEqual(both.filter((name) => !OF_THE_SCRAPE.test(name)), []);
    const ofSecond = [...jobsOf].filter(([, [series]]) =>
      series?.metric["job"] === "openstack_flows"
    );
    assert.deepEqual(
      ofSecond.map(([name]) => name).filter((name) => !OF_THE_SCRAPE.test(name)).sort(),
      FLOWS_BY_KIND.families.map(({ name }) => name).sort(),
    );

    const scrapedAt = await prometheus.value("max(timestamp(up))") ?? assert.fail("no scrape");
    const sum = "cloud:oie_host_active_vms:sum";
    await waitUntil("a sum recorded after both jobs' scrapes", async () => {
      const recordedAt = await prometheus.value(`timestamp(${sum})`);
      return recordedAt !== undefined && recordedAt > scrapedAt ? recordedAt : undefined;
    }, { withinMs: WAIT_MS, describe: () => prometheus.process.output });
    const page = await demo.answer(`http://127.0.0.1:${port}/metrics`, WAIT_MS);
    const running = sampleValues(page).get("oie_host_active_vms");
    assert.ok(running !== undefined && running > 0);
    assert.equal(await prometheus.value(sum), running);
  });
}
