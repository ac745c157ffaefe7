/**
 * Run by the test beside it, in a process of its own because it moves into a network namespace for
 * good: the compiled exporter with a filter beside a real ovsdb-server, three instances of which two
 * have one address, and real conntrack entries to listed remotes. Prints what its page and its threat
 * file said as JSON. Needs root.
 */
import { ConntrackTable, type Entry, TCP } from "../../scripts/demo/conntrack_table.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { OvsdbServer } from "../integration/ovsdb_server.ts";
import { BINARY } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { tellFromFolder } from "./run_scenario.ts";
import { seriesParts } from "./shown_guests.ts";
import { waitUntil } from "./wait_until.ts";

const WAIT_MS = 30_000;
const EXPORTER = "127.0.0.1:9120";
const SHARED = "10.0.0.5";
const LISTED = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"];

/** An instance of the node: a port for each address. */
interface Tenant {
  readonly project: string;
  readonly uuid: string;
  readonly vcpus: number;
  readonly addresses: readonly string[];
}

/** The first one is selected. The name of the last one's project begins alike. */
const TENANTS: readonly Tenant[] = [
  { project: "alpha", uuid: uuid("a"), vcpus: 1, addresses: [SHARED, "10.0.0.6"] },
  { project: "beta", uuid: uuid("b"), vcpus: 2, addresses: [SHARED, "10.0.0.7"] },
  { project: "alphabet", uuid: uuid("c"), vcpus: 4, addresses: ["10.0.0.8"] },
];
const ZONES = {
  [port("a", 0)]: "6",
  [port("a", 1)]: "7",
  [port("b", 0)]: "8",
  [port("b", 1)]: "9",
};

/** The selected instance's first address stays idle. */
const FIRST: readonly Entry[] = [
  out(SHARED, "192.0.2.100", 8),
  out("10.0.0.7", "192.0.2.100", 9),
  out("10.0.0.6", "192.0.2.100", 7),
];
/** The others' come before: where that of the selected instance is seen, they were too. */
const CONTACTS: readonly Entry[] = [
  out(SHARED, LISTED[1] ?? "", 8),
  out("10.0.0.7", LISTED[2] ?? "", 9),
  // In the zone of a router: by its address alone it would be the selected instance's too.
  out(SHARED, LISTED[3] ?? "", 50),
  // In the zone of a port of the selected instance.
  out("10.0.0.8", LISTED[4] ?? "", 7),
  out("10.0.0.6", LISTED[0] ?? "", 7),
];

/** What the scenario found. */
export interface FilterScenario {
  /** Names of all domains that series on the page are of. */
  readonly domains: readonly string[];
  /** Flows of the fixed IPs, and contacts with listed remotes. */
  readonly flows: Readonly<Record<string, number>>;
  readonly contacts: readonly number[];
  /** Instances, vCPUs, conntrack entries and ambiguous addresses of the host. */
  readonly host: readonly (number | undefined)[];
  /** Names of the instances that the JSON API has. */
  readonly api: readonly string[];
  /** Lines of the threat file without times and owners. */
  readonly lines: readonly string[];
}

function uuid(letter: string): string {
  return `${letter.repeat(8)}-0000-4000-8000-000000000000`;
}

function port(letter: string, at: number): string {
  return `${letter.repeat(8)}-0000-4000-8000-00000000000${at + 1}`;
}

function nodeXml(): string {
  const domains = TENANTS.map(({ project, uuid, vcpus, addresses }, number) => {
    const ports = addresses.map((address, at) =>
      `<nova:port uuid="${port(uuid.charAt(0), at)}"><nova:ip type="fixed" address="${address}"/>` +
      "</nova:port>"
    );
    return `<domain type="test"><name>instance-0000000${number + 1}</name><uuid>${uuid}</uuid>
    <metadata><nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
      <nova:owner><nova:project uuid="${uuid}">${project}</nova:project></nova:owner>
      <nova:ports>${ports.join("")}</nova:ports>
    </nova:instance></metadata>
    <memory unit="KiB">1048576</memory><vcpu>${vcpus}</vcpu><os><type>hvm</type></os></domain>`;
  });
  return `<node>${domains.join("")}</node>`;
}

function out(src: string, dst: string, zone: number): Entry {
  return { protocol: TCP, src, dst, srcPort: 40_000, dstPort: 443, zone };
}

async function main(folder: string): Promise<FilterScenario> {
  await using server = await OvsdbServer.start();
  await server.setZones(ZONES);
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  await Deno.writeTextFile(`${folder}/node.xml`, nodeXml());
  await Deno.writeTextFile(`${folder}/listed.txt`, LISTED.join("\n"));
  await using exporter = new RealProcess(BINARY, [
    `-web.listen-address=${EXPORTER}`,
    `-libvirt.uri=test://${folder}/node.xml`,
    "-collection.interval=300ms",
    "-instance.filter=^alpha$",
    "-conntrack.min=0",
    `-ovs.db=unix:${server.socket}`,
    "-customlist.enable",
    `-customlist.path=${folder}/listed.txt`,
    "-threatfile.enable",
    `-threatfile.path=${folder}/threat.log`,
  ]);
  /** The first page that fits. */
  const page = (what: string, fits: (values: ReadonlyMap<string, number>) => boolean) =>
    waitUntil(what, async () => {
      const values = sampleValues(await exporter.answer(`http://${EXPORTER}/metrics`, WAIT_MS));
      return fits(values) ? values : undefined;
    }, { withinMs: WAIT_MS, describe: () => exporter.output });
  using table = new ConntrackTable();
  table.create(FIRST);
  await page(
    "the list, and flows by their zones",
    (values) => {
      const { flows, host } = seenOn(values);
      return values.get("oie_customlist_entries") === LISTED.length &&
        flows["10.0.0.6"] === 1 && host.at(-1) === 0;
    },
  );
  table.create(CONTACTS);
  const entries = FIRST.length + CONTACTS.length;
  const values = await page(
    "all entries",
    (values) => values.get("oie_host_conntrack_entries_total") === entries,
  );
  const api = await exporter.answer(`http://${EXPORTER}/api/v1/node`, WAIT_MS);
  // It writes what is left to its threat file.
  await exporter.stop("SIGTERM", WAIT_MS);
  const lines = (await Deno.readTextFile(`${folder}/threat.log`)).trimEnd().split("\n");
  return { ...seenOn(values), api: namesIn(api), lines: lines.map(shortLine).sort() };
}

function seenOn(values: ReadonlyMap<string, number>): Omit<FilterScenario, "api" | "lines"> {
  const series = [...values].map(([name, value]) => ({ ...seriesParts(name), value }));
  const of = (wanted: string) => series.filter(({ family }) => family === wanted);
  return {
    domains: [...new Set(series.flatMap(({ labels }) => labels["domain"] ?? []))].sort(),
    flows: Object.fromEntries(
      of("oie_conntrack_ip_flows_total").map(({ labels, value }) => [labels["ip"], value]),
    ),
    contacts: of("oie_customlist_contact_active").map(({ value }) => value),
    host: ["active_vms", "active_vcpus", "conntrack_entries_total", "ambiguous_fixed_ips"]
      .map((name) => values.get(`oie_host_${name}`)),
  };
}

/** Names of the instances in an answer of the API. */
function namesIn(answer: string): readonly string[] {
  const { instances } = JSON.parse(answer) as { instances: readonly { readonly domain: string }[] };
  return instances.map(({ domain }) => domain);
}

function shortLine(line: string): string {
  const { list, domain, fixed_ip, remote_ip } = JSON.parse(line);
  return [list, domain, fixed_ip, remote_ip].join(" ");
}

if (import.meta.main) await tellFromFolder(main);
