/**
 * Run by the test beside it, in a process of its own because it moves into a network namespace for
 * good: the compiled exporter beside a conntrack table that refuses packets. Prints what
 * its page and the kernel said as JSON. Needs root.
 */
import { ConntrackTable, type Entry, UDP } from "../../scripts/demo/conntrack_table.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { bash } from "./bash.ts";
import { BINARY, DEMO_NODE } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { waitUntil } from "./wait_until.ts";

const WAIT_MS = 30_000;
const EXPORTER = "127.0.0.1:9120";
const CLIENT = "10.9.0.1";
const SERVER = "10.9.0.2";
const SERVER_PORT = 53;
/** The only two ports that the client's packets can come from. */
const CLIENT_PORTS = [40_000, 40_001];
const PACKETS = 3;
/** Columns of the kernel's file that are exported. */
export const COLUMNS = ["drop", "early_drop", "insert_failed"] as const;

/** Sums over all CPUs by column: the page's, and the kernel's of the exporter's network namespace. */
export interface DropsSeen {
  readonly page: readonly (number | undefined)[];
  readonly kernel: readonly number[];
}

/** Entries whose original direction is the one that replies to the client would have. */
const TAKEN = CLIENT_PORTS.map((dstPort): Entry => ({
  protocol: UDP,
  src: SERVER,
  srcPort: SERVER_PORT,
  dst: CLIENT,
  dstPort,
  dnat: "10.9.0.3",
}));

async function main(): Promise<readonly DropsSeen[]> {
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  await bash(`
    nft 'add table ip t; add chain ip t o { type filter hook output priority 0; }'
    nft 'add rule ip t o ct state new accept'
    ip address add ${CLIENT}/32 dev lo
    ip address add ${SERVER}/32 dev lo
    ip route change local ${SERVER} dev lo table local src ${CLIENT}`);
  await using exporter = new RealProcess(BINARY, [
    `-web.listen-address=${EXPORTER}`,
    `-libvirt.uri=test://${DEMO_NODE}`,
    "-collection.interval=300ms",
  ]);
  /** Waits for a page that says what the kernel's file does. */
  const see = async (): Promise<DropsSeen> => {
    const kernel = sums(
      await Deno.readTextFile(`/proc/${exporter.pid}/net/stat/nf_conntrack`),
    );
    let page: DropsSeen["page"] = [];
    await waitUntil("the kernel's sums", async () => {
      const values = sampleValues(await exporter.answer(`http://${EXPORTER}/metrics`, WAIT_MS));
      page = COLUMNS.map((column) => values.get(`oie_host_conntrack_${column}_total`));
      return page.join() === kernel.join() || undefined;
    }, { withinMs: WAIT_MS, describe: () => `${page} for ${kernel}\n${exporter.output}` });
    return { page, kernel };
  };

  const before = await see();
  using table = new ConntrackTable();
  table.create(TAKEN);
  // The kernel refuses each flow, and with it its packet.
  await bash(`
    range=/proc/sys/net/ipv4/ip_local_port_range
    usual=$(cat $range)
    echo ${CLIENT_PORTS.join(" ")} > $range
    for packet in $(seq ${PACKETS}); do printf x > /dev/udp/${SERVER}/${SERVER_PORT} || true; done
    echo $usual > $range`);
  return [before, await see()];
}

/** Sums of the columns of /proc/net/stat/nf_conntrack, hexadecimal numbers of each CPU. */
function sums(text: string): readonly number[] {
  const [names = [], ...rows] = text.trim().split("\n").map((line) => line.split(/\s+/));
  return COLUMNS.map((column) =>
    rows.reduce((sum, row) => sum + parseInt(row[names.indexOf(column)] ?? "", 16), 0)
  );
}

if (import.meta.main) console.log(JSON.stringify(await main()));
