/**
 * Run by the test beside it, in a process of its own because it moves into a network namespace for
 * good: the compiled exporter with all five lists from a local feed server, real conntrack entries,
 * real Prometheus. Prints what came of it as JSON. Needs root.
 */
import { ConntrackTable, type Entry, TCP } from "../../scripts/demo/conntrack_table.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { FeedServer } from "../integration/feed_server.ts";
import { bash } from "./bash.ts";
import { BINARY, DEMO_NODE } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { tellFromFolder } from "./run_scenario.ts";
import { waitUntil } from "./wait_until.ts";

const WAIT_MS = 60_000;
const EXPORTER = "127.0.0.1:9120";
const PROMETHEUS = "127.0.0.1:9090";
/** Long enough that entries come and go between two dumps on a busy machine. */
const INTERVAL = "3s";
const FIXED = "10.20.0.10";
const FIXED_V6 = "2001:db8:20::a";

let sourcePort = 20_000;

/** What the scenario found. */
export interface ThreatScenario {
  /** Entries that each list says it has. */
  readonly entries: Readonly<Record<string, number | undefined>>;
  /** Series of contacts and of listed host addresses, at the end. */
  readonly series: Readonly<Record<string, number>>;
  /** Prometheus' increase() of each list's contacts after its first ones, rounded. */
  readonly increase: Readonly<Record<string, number | undefined>>;
  /** Lines of the threat file before and after SIGHUP, without time and owner. */
  readonly lines: readonly (readonly string[])[];
  readonly mode: number | undefined;
}

const FEEDS: Readonly<Record<string, string>> = {
  "/exit": JSON.stringify({ relays: [{ or_addresses: ["198.51.100.1:443"] }] }),
  "/relay": JSON.stringify({
    relays: [
      { or_addresses: ["198.51.100.1:443", "[2001:db8:bad::1]:443"] },
      { or_addresses: ["198.51.100.2:9001"] },
    ],
  }),
  "/drop": "; Spamhaus DROP\r\n203.0.113.0/24 ; SBL1\r\n",
  "/dropv6": '{"cidr":"2001:db8:bad::/48","sblid":"SBL2"}\n{"type":"metadata"}\n',
  "/compromised": "# hosts\n198.51.100.3\n",
};
const CUSTOM_LIST = "\ufeff198.51.100.4 # ours\n192.0.2.7\n";

/** One contact with each list; the Tor exit is a relay too. */
const FIRST = [
  tcp(FIXED, "198.51.100.1"),
  tcp(FIXED, "203.0.113.1"),
  tcp(FIXED, "198.51.100.3"),
  tcp(FIXED, "198.51.100.4"),
];
/** Two pairs of Spamhaus in, one through DNAT, and one out; one of the relay, over IPv6. */
const SECOND = [
  tcp("203.0.113.2", FIXED, 22),
  tcp("203.0.113.3", "192.0.2.200", 22, { dnat: FIXED }),
  tcp(FIXED, "203.0.113.4", 80),
  tcp(FIXED, "203.0.113.4", 80),
  tcp(FIXED_V6, "2001:db8:bad::1"),
];
const THIRD = [tcp(FIXED, "203.0.113.1"), tcp(FIXED, "198.51.100.4"), tcp(FIXED, "198.51.100.9")];

function tcp(src: string, dst: string, dstPort = 443, more: Partial<Entry> = {}): Entry {
  return { protocol: TCP, src, dst, srcPort: sourcePort++, dstPort, ...more };
}

async function main(folder: string): Promise<ThreatScenario> {
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  await bash("ip link add bgp-nic type bridge; ip address add 192.0.2.7/24 dev bgp-nic");
  await using feeds = new FeedServer();
  feeds.answer = ({ url }) => new Response(FEEDS[new URL(url).pathname] ?? "");
  using table = new ConntrackTable();
  await Deno.writeTextFile(`${folder}/custom.txt`, CUSTOM_LIST);
  const threatFile = `${folder}/threat.log`;
  await using exporter = new RealProcess(BINARY, [
    `-web.listen-address=${EXPORTER}`,
    `-libvirt.uri=test://${DEMO_NODE}`,
    `-collection.interval=${INTERVAL}`,
    "-contacts.direction=any",
    "-spamhaus.direction=any",
    "-tor.exit.direction=out",
    ...THREAT_LISTS.map(({ flag }) => `-${flag}.enable`),
    `-tor.exit.url=${feeds.url("/exit")}`,
    `-tor.relay.url=${feeds.url("/relay")}`,
    `-spamhaus.url=${feeds.url("/drop")}`,
    `-spamhaus.ipv6.url=${feeds.url("/dropv6")}`,
    `-emergingthreats.url=${feeds.url("/compromised")}`,
    `-customlist.path=${folder}/custom.txt`,
    "-host.threats.enable",
    "-threatfile.enable",
    `-threatfile.path=${threatFile}`,
  ]);
  const page = async () =>
    sampleValues(await exporter.answer(`http://${EXPORTER}/metrics`, WAIT_MS));
  const nextCycle = async () => {
    const at = (await page()).get("oie_host_last_collection_timestamp_seconds") ?? 0;
    await waitUntil("another cycle", async () => {
      const now = (await page()).get("oie_host_last_collection_timestamp_seconds") ?? 0;
      return now > at ? true : undefined;
    }, { withinMs: WAIT_MS, describe: () => exporter.output });
  };
  /** Entries that exactly one dump sees. */
  const send = async (batch: readonly Entry[]) => {
    await nextCycle();
    table.create(batch);
    await nextCycle();
    await bash("conntrack -F");
  };

  const entries = await waitUntil("all lists on a page", async () => {
    const values = await page();
    const all = Object.fromEntries(
      THREAT_LISTS.map(({ name }) => [name, values.get(`oie_${name}_entries`)]),
    );
    return Object.values(all).every((count) => count !== undefined && count > 0) ? all : undefined;
  }, { withinMs: WAIT_MS, describe: () => exporter.output });

  await using prometheus = await startPrometheus(folder);
  const describe = () => prometheus.output;
  await send(FIRST);
  await waitUntil("the first contacts in Prometheus", async () => {
    return (await query("oie_spamhaus_contact + oie_customlist_contact")).size > 0
      ? true
      : undefined;
  }, { withinMs: WAIT_MS, describe });
  await send(SECOND);
  await Deno.rename(threatFile, `${threatFile}.1`);
  Deno.kill(exporter.pid, "SIGHUP");
  await send(THIRD);
  await nextCycle();
  const values = await page();
  const last = [...values].find(([name]) => name.startsWith("oie_spamhaus_contact{"))?.[1];
  await waitUntil("the last contacts in Prometheus", async () => {
    const [total] = (await query("oie_spamhaus_contact")).values();
    return total === last ? true : undefined;
  }, { withinMs: WAIT_MS, describe });

  const increase: Record<string, number | undefined> = {};
  for (const { name } of THREAT_LISTS) {
    const found = [...(await query(`increase(oie_${name}_contact[2m])`)).values()];
    // Extrapolated to the ends of the window, it is no whole number.
    increase[name] = found[0] === undefined ? undefined : Math.round(found[0]);
  }
  const series = [...values].filter(([name]) => /_contact|host_threat_listed/.test(name));
  return {
    entries,
    series: Object.fromEntries(series.sort(([a], [b]) => a < b ? -1 : 1)),
    increase,
    lines: await Promise.all([`${threatFile}.1`, threatFile].map(linesOf)),
    mode: (await Deno.stat(threatFile)).mode ?? undefined,
  };
}

async function startPrometheus(folder: string): Promise<RealProcess> {
  const config = {
    // Short, since increase() extrapolates by up to one and a half of them.
    global: { scrape_interval: "200ms", scrape_timeout: "200ms" },
    scrape_configs: [{ job_name: "oie", static_configs: [{ targets: [EXPORTER] }] }],
  };
  // JSON is YAML.
  await Deno.writeTextFile(`${folder}/prometheus.yml`, JSON.stringify(config));
  return new RealProcess("prometheus", [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${PROMETHEUS}`,
  ]);
}

/** Values of an instant query by their labels. */
async function query(expression: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(
    `http://${PROMETHEUS}/api/v1/query?query=${encodeURIComponent(expression)}`,
  );
  const { data } = await response.json();
  const found: { metric: Record<string, string>; value: [number, string] }[] = data.result;
  return new Map(found.map(({ metric, value }) => [JSON.stringify(metric), Number(value[1])]));
}

/** Lines of a threat file without what differs from run to run, sorted. */
async function linesOf(path: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(path);
  return text.trimEnd().split("\n").map((line) => {
    const { list, domain, fixed_ip, remote_ip, protocol, dst_port, direction } = JSON.parse(line);
    return [list, domain, direction, fixed_ip, remote_ip, protocol, dst_port].join(" ");
  }).sort();
}

if (import.meta.main) await tellFromFolder(main);
