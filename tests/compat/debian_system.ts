import { DebianRoot, type DebianRootOptions } from "../debian_root.ts";
import { DEMO_NODE } from "../e2e/exporter_binary.ts";
import { NodeExporter, type NodeExporterOptions } from "../e2e/node_exporter_process.ts";
import { releaseFile } from "../e2e/release_files.ts";
import { sampleValues } from "../e2e/page_text.ts";
import { seriesParts } from "../e2e/shown_guests.ts";
import { buildVirtqemud } from "./modular_daemon.ts";
import { LibvirtNode, type LibvirtNodeOptions } from "../integration/libvirt_node.ts";

/** What an operator has, and what only a node's own daemon and guests need. */
const LIBRARIES = ["libvirt0", "libnetfilter-conntrack3"];
const DAEMONS = ["libvirt-daemon", "libvirt-daemon-driver-qemu", "qemu-system-x86"];

/** Whose versions count. */
export const VERSIONED = ["libc6", ...LIBRARIES, "libvirt-daemon", "qemu-system-x86"] as const;

const GUEST = {
  name: "instance-00000c0a",
  uuid: "6695eb01-f6a4-4304-89aa-97f2502e1c0a",
  projectUuid: "11111111-2222-4333-8444-555555555555",
  fixedIps: ["10.99.0.7", "2001:db8:99::7"],
};
/** A fixed IP of the demo's cloud. */
const DEMO_IP = "10.20.0.10";
/** Entries of each of these addresses. */
export const FLOWS_EACH = 25;

/** The exporter's own default; who looks for which daemon is libvirt's library. */
const DEFAULT_URI = "qemu:///system";
const WAIT_MS = 60_000;
/** What one page said. */
export interface PageReport {
  /** What the exporter was told to read. */
  readonly uri: string;
  readonly instances: number;
  /** Flows of one fixed IP of each family. */
  readonly ipv4Flows: number | undefined;
  readonly ipv6Flows: number | undefined;
  /** Entries of the table as the exporter and the kernel count them. */
  readonly entries: number | undefined;
  readonly kernelEntries: number | undefined;
  /** Of libvirt's daemon and QEMU, as the page has them. */
  readonly libvirt: string | undefined;
  readonly qemu: string | undefined;
  /** Families with series of instances, without the counters of vNICs: which of those count is chance. */
  readonly families: readonly string[];
  /** From which side packets that the kernel sent to the guest's vNIC are counted. */
  readonly greetings: "received" | "sent";
}

/** What the compiled program did on one release of Debian. */
export interface SystemReport {
  readonly suite: string;
  /** Versions of packages by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** What `-version` printed. */
  readonly version: string;
  readonly testDriver: PageReport;
  readonly libvirtd: PageReport;
  /** Only where it was asked for. */
  readonly virtqemud: PageReport | undefined;
}

/** Runs the compiled program on a clean Debian of this release, with that release's libraries and daemons. */
export async function measureSystem(
  suite: NonNullable<DebianRootOptions["suite"]>,
  options: { readonly modular?: boolean } = {},
): Promise<SystemReport> {
  await using root = await DebianRoot.make({ suite, packages: [...LIBRARIES, ...DAEMONS] });
  const query = ["dpkg-query", "-W", "-f", "${Package}=${Version}\n", ...VERSIONED];
  const versions = Object.fromEntries(
    (await root.run(...query)).trim().split("\n").map((line) => line.split("=", 2)),
  );
  // With what the package needs in place, dpkg alone says whether that release has it.
  await Deno.copyFile(releaseFile("_amd64.deb"), `${root.path}/exporter.deb`);
  await root.run("dpkg", "-i", "/exporter.deb");
  const version = (await root.run("openstack_instance_exporter", "-version")).trim();
  const testDriver = await readDemo(root);
  const libvirtd = await readGuest({ system: root.path });
  const result = { suite, versions, version, testDriver, libvirtd, virtqemud: undefined };
  if (!options.modular) return result;
  await buildVirtqemud(root);
  const virtqemud = await readGuest({ system: root.path, daemon: "virtqemud" });
  return { ...result, virtqemud };
}

async function readDemo(root: DebianRoot): Promise<PageReport> {
  await using node = await LibvirtNode.start({ system: root.path });
  await Deno.copyFile(DEMO_NODE, `${node.folder}/node.xml`);
  await createFlows(node, DEMO_IP);
  return await report(node, `test://${node.folder}/node.xml`, DEMO_IP);
}

/** Starts a real guest and reads it. */
async function readGuest(options: LibvirtNodeOptions): Promise<PageReport> {
  await using node = await LibvirtNode.start(options);
  // With its BIOS, which reads from the disk: families of disks are there once they did anything.
  await node.createGuest(GUEST);
  for (const ip of GUEST.fixedIps) await createFlows(node, ip);
  return await report(node, DEFAULT_URI, GUEST.fixedIps[0] ?? "");
}

/** TCP flows from `ip` to as many remotes, in the conntrack table of the node's network. */
async function createFlows(node: LibvirtNode, ip: string): Promise<void> {
  const remote = ip.includes(":") ? "2001:db8:ffff::" : "198.18.0.";
  const command = `for i in $(seq ${FLOWS_EACH}); do
    conntrack -I -p tcp -s ${ip} -d ${remote}$i \\
      --sport 40000 --dport 443 --state ESTABLISHED -t 3600 -u SEEN_REPLY || exit 1
  done`;
  const [program, args] = node.inside("sh", ["-c", command]);
  const { success, stderr } = await new Deno.Command(program, { args, stdout: "null" }).output();
  if (!success) throw new Error(`Cannot create flows: ${new TextDecoder().decode(stderr)}`);
}

async function report(
  node: LibvirtNode,
  uri: string,
  ip: string,
): Promise<PageReport> {
  const flags: NodeExporterOptions["flags"] = [
    ...["-cpu.min=0", "-conntrack.min=0", "-outbound.behavior.enable", "-inbound.behavior.enable"],
    "-collector.flow_kinds",
  ];
  await using exporter = await NodeExporter.start(node, { where: "system", uri, flags });
  const flowsOf = (values: ReadonlyMap<string, number>, address: string | undefined) =>
    [...values].find(([series]) => {
      const { family, labels } = seriesParts(series);
      return family === "oie_conntrack_ip_flows_total" && labels["ip"] === address;
    })?.[1];
  // CPU percent comes with the second cycle, families of disks once the BIOS has read, and those of vNICs
  // once the kernel has greeted the new device.
  await exporter.values("a whole page", WAIT_MS, (values) => {
    const families = new Set([...values.keys()].map((series) => seriesParts(series).family));
    return ["oie_cpu_percent", "oie_disk_r_gbytes"].every((name) => families.has(name)) &&
      ["oie_net_rx_gbytes", "oie_net_tx_gbytes"].some((name) => families.has(name)) &&
      values.get("oie_libvirt_up") === 1 && flowsOf(values, ip) !== undefined;
  });
  const page = await exporter.page();
  const values = sampleValues(page);
  const parts = [...values.keys()].map(seriesParts);
  const info = parts.find(({ family }) => family === "oie_libvirt_info")?.labels;
  const ofInstances = parts.filter(({ labels }) => labels["instance_uuid"] !== undefined);
  return {
    uri,
    instances: parts.filter(({ family }) => family === "oie_instance_info").length,
    ipv4Flows: flowsOf(values, ip),
    ipv6Flows: flowsOf(values, GUEST.fixedIps[1]),
    entries: values.get("oie_host_conntrack_entries_total"),
    kernelEntries: values.get("oie_host_conntrack_kernel_entries"),
    libvirt: info?.["libvirt"],
    qemu: info?.["qemu"],
    families: [...new Set(ofInstances.map(({ family }) => family))]
      .filter((family) => !/^oie_net_[rt]x_/.test(family)).sort(),
    greetings: ofInstances.some(({ family }) => family === "oie_net_rx_gbytes")
      ? "received"
      : "sent",
  };
}
