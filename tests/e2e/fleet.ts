import { nodeXml } from "../bench/node_xml.ts";
import { BINARY } from "./exporter_binary.ts";
import { writeConfiguration } from "./monitored_cloud.ts";
import { sampleValues } from "./page_text.ts";
import { PrometheusServer } from "./prometheus_server.ts";
import { RealProcess } from "./real_process.ts";
import { freePort } from "./wait_until.ts";

const START_MS = 120_000;
const MIB = 2 ** 20;

/** How large a fleet is and how long it is watched. */
export interface FleetSize {
  readonly exporters: number;
  readonly instancesEach: number;
  /** Between two scrapes, and two evaluations of the rules. */
  readonly intervalSeconds: number;
  readonly watchSeconds: number;
}

/** What a fleet costs its Prometheus. */
export interface FleetFigures {
  readonly up: number;
  /** Series of all pages, and what Prometheus holds: those, its own of each scrape, and the rules'. */
  readonly pageSeries: number;
  readonly headSeries: number;
  readonly ruleSeries: number;
  readonly seriesPerInstance: number;
  readonly plainBytes: number;
  readonly gzipBytes: number;
  /** All groups one after the other. */
  readonly ruleSeconds: number;
  readonly slowestScrapeSeconds: number;
  readonly prometheusMib: number;
  readonly exporterMib: number;
  /** Rules that Prometheus could not evaluate. */
  readonly badRules: number;
}

/** Runs that many exporters of libvirt's test driver under one Prometheus that finds them by files. */
export async function measureFleet(size: FleetSize): Promise<FleetFigures> {
  const { exporters, instancesEach, intervalSeconds, watchSeconds } = size;
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "oie-fleet-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const ports: number[] = [];
  const fleet: RealProcess[] = [];
  for (let host = 0; host < exporters; host++) {
    const node = `${folder}/node${host}.xml`;
    await Deno.writeTextFile(node, nodeXml(instancesEach, host * instancesEach));
    const port = freePort();
    const exporter = stack.use(
      new RealProcess(BINARY, [
        `-web.listen-address=127.0.0.1:${port}`,
        `-libvirt.uri=test://${node}`,
        "-cpu.min=0",
        "-log.level=error",
      ]),
    );
    // One after the other: each takes its port before the next one looks for a free one.
    await exporter.answer(`http://127.0.0.1:${port}/-/ready`, START_MS);
    ports.push(port);
    fleet.push(exporter);
  }
  const targets = ports.map((port, host) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { hypervisor: `node${host}` },
  }));
  await writeConfiguration(folder, targets, { interval: `${intervalSeconds}s` });
  const prometheus = stack.use(PrometheusServer.start(folder));
  await prometheus.scraped(exporters, START_MS);
  await new Promise((resolve) => setTimeout(resolve, watchSeconds * 1000));

  const value = async (expression: string) => await prometheus.value(expression) ?? NaN;
  const own = [...sampleValues(await prometheus.ownPage())];
  const ownSum = (name: string) =>
    own.filter(([series]) => series.split("{", 1)[0] === name)
      .reduce((sum, [, number]) => sum + number, 0);
  const pageSeries = await value("sum(scrape_samples_scraped)");
  const hostSeries = await value('count({__name__=~"oie_.+|process_.+",instance_uuid=""})');
  const { groups } = await prometheus.get<{ groups: readonly Group[] }>("rules");
  const rules = groups.flatMap(({ rules }) => rules);
  const [first = 0] = ports;
  return {
    up: await value("sum(up)"),
    pageSeries,
    headSeries: ownSum("prometheus_tsdb_head_series"),
    ruleSeries: await value('count({__name__=~".+:.+:.+|ALERTS.*"})'),
    seriesPerInstance: (pageSeries - hostSeries) / (exporters * instancesEach),
    plainBytes: await downloaded(first, "identity"),
    gzipBytes: await downloaded(first, "gzip"),
    ruleSeconds: ownSum("prometheus_rule_group_last_duration_seconds"),
    slowestScrapeSeconds: await value("max(max_over_time(scrape_duration_seconds[1m]))"),
    prometheusMib: ownSum("process_resident_memory_bytes") / MIB,
    exporterMib: await value("avg(process_resident_memory_bytes)") / MIB,
    badRules: rules.filter(({ health }) => health !== "ok").length,
  };
}

interface Group {
  readonly rules: readonly { readonly health: string }[];
}

/** Bytes of a page's body as they went over the wire. */
async function downloaded(port: number, coding: string): Promise<number> {
  const args = ["-sf", "-H", `Accept-Encoding: ${coding}`, "-o", "/dev/null"];
  const url = `http://127.0.0.1:${port}/metrics`;
  const { stdout } = await new Deno.Command("curl", {
    args: [...args, "-w", "%{size_download}", url],
  }).output();
  return Number(new TextDecoder().decode(stdout));
}
