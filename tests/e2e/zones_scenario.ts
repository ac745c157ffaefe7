/**
 * Run by the test beside it, in a process of its own because it moves into a network namespace for
 * good: the compiled exporter beside a real ovsdb-server, two tenants' instances with one address, and
 * real conntrack entries in their ports' zones. Prints what the pages said as JSON. Needs root.
 */
import { ConntrackTable, type Entry, TCP } from "../../scripts/demo/conntrack_table.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { OvsdbServer } from "../integration/ovsdb_server.ts";
import { bash } from "./bash.ts";
import { BINARY } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { tellFromFolder } from "./run_scenario.ts";
import { waitUntil } from "./wait_until.ts";

const WAIT_MS = 60_000;
const EXPORTER = "127.0.0.1:9120";
const SHARED = "10.0.0.5";
const PORTS = ["aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"];

/** What a page said: the database, ambiguous addresses, flows of both instances, bytes of the first. */
export type ZonesSeen = readonly [
  up: number | undefined,
  ambiguous: number,
  a: number,
  b: number,
  sent: number,
];

/** Two instances with one address, each with a port of its own. */
function nodeXml(): string {
  const domains = PORTS.map((port, at) =>
    `<domain type="test"><name>instance-0000000${at}</name><uuid>${port}</uuid>
    <metadata><nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1"><nova:ports>
      <nova:port uuid="${port}"><nova:ip type="fixed" address="${SHARED}" ipVersion="4"/></nova:port>
    </nova:ports></nova:instance></metadata>
    <memory unit="KiB">2097152</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>`
  );
  return `<node>${domains.join("")}</node>`;
}

function out(dst: string, zone: number): Entry {
  return { protocol: TCP, src: SHARED, dst, srcPort: 40_000, dstPort: 443, zone };
}

async function main(folder: string): Promise<readonly ZonesSeen[]> {
  await using server = await OvsdbServer.start();
  await server.setZones({ [PORTS[0] ?? ""]: "7", [PORTS[1] ?? ""]: "8" });
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  await prepareNetwork();
  // The router's zone has traffic of the first one too; without zones it comes to light at once.
  await sendOne(10);
  using table = new ConntrackTable();
  table.create([
    out("192.0.2.1", 7),
    out("192.0.2.2", 7),
    out("192.0.2.3", 8),
    out("192.0.2.1", 0),
  ]);
  await Deno.writeTextFile(`${folder}/node.xml`, nodeXml());
  await using exporter = new RealProcess(BINARY, [
    `-web.listen-address=${EXPORTER}`,
    `-libvirt.uri=test://${folder}/node.xml`,
    "-collection.interval=300ms",
    "-conntrack.min=0",
    "-inbound.behavior.enable",
    "-collector.flow_kinds",
    "-collector.flow_bytes",
    `-ovs.db=unix:${server.socket}`,
  ]);
  const seen: ZonesSeen[] = [];
  const see = async (up: number) => {
    const page = await waitUntil(`oie_ovs_up ${up}`, async () => {
      const text = await exporter.answer(`http://${EXPORTER}/metrics`, WAIT_MS);
      const values = sampleValues(text);
      return values.get("oie_ovs_up") === up && flowsOf(values).length === 2 ? values : undefined;
    }, { withinMs: WAIT_MS, describe: () => exporter.output });
    const [a = NaN, b = NaN] = flowsOf(page);
    seen.push([
      page.get("oie_ovs_up"),
      page.get("oie_host_ambiguous_fixed_ips") ?? NaN,
      a,
      b,
      sentOf(page) ?? 0,
    ]);
  };
  await see(1);
  await sendOne(9);
  await waitUntil("the datagram", async () => {
    const values = sampleValues(await exporter.answer(`http://${EXPORTER}/metrics`, WAIT_MS));
    return sentOf(values) === undefined ? undefined : true;
  }, { withinMs: WAIT_MS, describe: () => exporter.output });
  await see(1);
  await server.end();
  await see(0);
  await server.serve();
  await see(1);
  await server.setZones({ [PORTS[1] ?? ""]: "9" });
  await waitUntil("the new zone", async () => {
    const values = sampleValues(await exporter.answer(`http://${EXPORTER}/metrics`, WAIT_MS));
    return flowsOf(values)[1] === 0 ? true : undefined;
  }, { withinMs: WAIT_MS, describe: () => exporter.output });
  await see(1);
  // By now it is an idle one, of which nothing but its address is in the zones of routers.
  for (let cycle = 0; cycle < 3; cycle++) await nextCycle(exporter);
  await see(1);
  return seen;
}

/** Waits for the page of a newer cycle. */
async function nextCycle(exporter: RealProcess): Promise<void> {
  const collectedAt = async () =>
    sampleValues(await exporter.answer(`http://${EXPORTER}/metrics`, WAIT_MS))
      .get("oie_host_last_collection_timestamp_seconds") ?? NaN;
  const before = await collectedAt();
  await waitUntil("a newer cycle", async () => (await collectedAt()) > before ? true : undefined, {
    withinMs: WAIT_MS,
    describe: () => exporter.output,
  });
}

/** Bytes that the first instance sent; undefined before it sent any. */
function sentOf(values: ReadonlyMap<string, number>): number | undefined {
  const [, sent] =
    [...values].find(([name]) =>
      /^oie_conntrack_ip_bytes_total\{domain="instance-00000000".*direction="out"/.test(name)
    ) ?? [];
  return sent;
}

/** Routes for the shared address, and zones by port: 9 is in that of the first one, 10 in a router's. */
async function prepareNetwork(): Promise<void> {
  await bash(`
    ip address add ${SHARED}/32 dev lo
    ip route add 192.0.2.0/24 dev lo src ${SHARED}
    nft 'add table ip t; add chain ip t o { type filter hook output priority -300; }'
    nft 'add rule ip t o udp dport 9 ct zone set 7'
    nft 'add rule ip t o udp dport 10 ct zone set 50'
    echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct
    echo 3600 > /proc/sys/net/netfilter/nf_conntrack_udp_timeout`);
}

/** Sends one datagram of 100 bytes from the shared address. */
async function sendOne(port: number): Promise<void> {
  await bash(`printf '%0100d' 0 > /dev/udp/192.0.2.9/${port}`);
}

/** Flows of both instances, by name. */
function flowsOf(values: ReadonlyMap<string, number>): readonly number[] {
  return [...values].filter(([name]) => name.startsWith("oie_conntrack_ip_flows_total{"))
    .sort(([a], [b]) => a < b ? -1 : 1).map(([, value]) => value);
}

if (import.meta.main) await tellFromFolder(main);
