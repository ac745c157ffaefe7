import { FAMILIES } from "../../lib/metrics/families.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { type GuestHost, startGuestHost } from "./guest_host.ts";
import { PrometheusServer } from "./prometheus_server.ts";
import { RealProcess } from "./real_process.ts";
import { noteFamilies } from "./seen_families.ts";
import { freePort } from "./wait_until.ts";

const START_MS = 60_000;
const STOP_MS = 15_000;
/** What the demo's guests talk to that is listed here; its loopback stands for a listed host. */
const LISTED = "198.18.0.0/16\n127.0.0.1\n";

/** A small cloud under a real Prometheus with the packaged configuration, rules and all. */
export interface MonitoredCloud extends AsyncDisposable {
  /** Has the specification's names and the rules over them. */
  readonly prometheus: PrometheusServer;
  /** Has the names by convention, of the same pages, and the rules over those. */
  readonly byConvention: PrometheusServer;
  /** The demo's host, by its label `hypervisor`: libvirt's test driver and many flows. */
  readonly busyHost: string;
  /** The host with real guests, by its label `hypervisor`. */
  readonly guestHost: string;
  /** The guest there that has something in each family. */
  readonly guest: { readonly project: string; readonly instance: string };
  /** A host whose exporter is not there. */
  readonly lostHost: string;
  /** Notes the names on the pages of both hosts, which have each family by both of its names. */
  notePages(): Promise<void>;
}

/**
 * Starts the demo (libvirt's test driver, real conntrack entries in a namespace of its own), a host with
 * real guests, a target that nobody serves, and Prometheus. Needs root.
 */
export async function startMonitoredCloud(): Promise<MonitoredCloud> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "oie-cloud-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.writeTextFile(`${folder}/listed.txt`, LISTED);
  const [busy, lost] = [freePort(), freePort()];
  const guests = stack.use(await startGuestHost());
  const server = serve(guests);
  stack.defer(() => server.shutdown());

  const demo = new RealProcess(Deno.execPath(), [
    ...["run", "--quiet", "--allow-all", `${REPOSITORY}/scripts/demo.ts`],
    `-web.listen-address=127.0.0.1:${busy}`,
    "-collection.interval=1s",
    "-customlist.enable",
    `-customlist.path=${folder}/listed.txt`,
    "-host.threats.enable",
    "-host.ips.allow-private",
    "-host.interfaces=lo",
    "-inbound.behavior.enable",
    "-collector.flow_kinds",
    "-metrics.names=both",
  ]);
  // Told to end, it ends its exporter first; killed, it would leave it behind.
  stack.defer(async () => void await demo.stop("SIGINT", STOP_MS));
  const demoUrl = `http://127.0.0.1:${busy}`;
  await demo.answer(`${demoUrl}/-/ready`, START_MS);

  const targets = [
    { targets: [`127.0.0.1:${busy}`], labels: { hypervisor: "busy" } },
    { targets: [`localhost:${server.addr.port}`], labels: {} },
    { targets: [`127.0.0.1:${lost}`], labels: { hypervisor: "lost" } },
  ];
  const startOne = async (name: string, options: ConfigurationOptions) => {
    await Deno.mkdir(`${folder}/${name}`);
    await writeConfiguration(`${folder}/${name}`, targets, options);
    return stack.use(PrometheusServer.start(`${folder}/${name}`));
  };
  const unconventional = FAMILIES.filter(({ convention }) => convention);
  const prometheus = await startOne("oie", {
    without: unconventional.flatMap(({ convention }) => convention?.name ?? []),
  });
  const byConvention = await startOne("convention", {
    rules: "prometheus-names/",
    without: unconventional.map(({ name }) => name),
  });
  for (const each of [prometheus, byConvention]) {
    await each.scraped(3, START_MS);
  }
  const resources = stack.move();
  return {
    prometheus,
    byConvention,
    busyHost: "busy",
    guestHost: "localhost",
    guest: guests,
    lostHost: "lost",
    async notePages() {
      await demo.answer(`${demoUrl}/metrics`, START_MS);
      await noteFamilies(await guests.page());
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Serves the page of a host that has a network of its own, where Prometheus does not reach it. */
function serve(host: GuestHost): Deno.HttpServer<Deno.NetAddr> {
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async () => new Response(await host.page(), { headers }),
  );
}

/** How the packaged configuration is changed. */
export interface ConfigurationOptions {
  /** Of scrapes and rules; one second unless given. */
  readonly interval?: string;
  /** Folder of the rules below the packaged one, with a slash; the folder itself unless given. */
  readonly rules?: string;
  /** Metrics that are dropped from pages. */
  readonly without?: readonly string[];
}

/** The packaged files with targets of the test, and at its pace. */
export async function writeConfiguration(
  folder: string,
  targets: unknown,
  { interval = "1s", rules = "", without = [] }: ConfigurationOptions = {},
): Promise<void> {
  const packaged = `${REPOSITORY}/packaging/prometheus`;
  for (const name of ["recording.rules.yml", "alerts.rules.yml"]) {
    await Deno.copyFile(`${packaged}/${rules}${name}`, `${folder}/${name}`);
  }
  const example = await Deno.readTextFile(`${packaged}/prometheus.yml`);
  const drop = { source_labels: ["__name__"], regex: without.join("|"), action: "drop" };
  const config = example
    .replaceAll(/(scrape_interval|scrape_timeout|evaluation_interval): \d+s/g, `$1: ${interval}`)
    .replace(/ *static_configs:\n.*\n/, `    metric_relabel_configs: ${JSON.stringify([drop])}\n`);
  await Deno.writeTextFile(`${folder}/prometheus.yml`, config);
  await Deno.mkdir(`${folder}/targets`);
  // JSON is YAML.
  await Deno.writeTextFile(`${folder}/targets/test.yml`, JSON.stringify(targets));
}
