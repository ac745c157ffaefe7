/**
 * Run by the test beside it, in a process of its own because it moves into a network namespace for
 * good, the compute node's: it forwards what a guest and a host outside really send each other through
 * the guest's floating IP, with the compiled exporter beside. Prints what conntrack and the exporter
 * counted as JSON. Needs root.
 */
import type { FlowTraffic } from "../../lib/conntrack/flow_summary.ts";
import { enterNetworkNamespace } from "../../scripts/demo/network_namespace.ts";
import { bash } from "./bash.ts";
import { BINARY, DEMO_NODE } from "./exporter_binary.ts";
import { OtherNetwork } from "./other_network.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { seriesParts } from "./shown_guests.ts";
import { waitUntil } from "./wait_until.ts";

const WAIT_MS = 60_000;
const EXPORTER = "127.0.0.1:9120";
const PORT = 5001;
/** Of the demo's first guest. */
const FIXED = "10.20.0.10";
const GATEWAY = "10.20.0.1";
const FLOATING = "192.0.2.20";
const NODE = "192.0.2.1";
const OUTSIDE = "192.0.2.9";
/** A line of conntrack has both directions, one after the other, each with its packets' addresses. */
const DIRECTION = /src=(\S+) .*?packets=(\d+) bytes=(\d+)/g;

/** One TCP connection of the guest: who opens it, and how many bytes the guest sends and gets. */
export interface Transfer {
  readonly opener: "guest" | "outside";
  readonly sent: number;
  readonly received: number;
}

export const TRANSFERS: readonly Transfer[] = [
  { opener: "guest", sent: 5_000_000, received: 12_000_000 },
  { opener: "outside", sent: 3_000_000, received: 7_000_000 },
];

/** What was seen of one transfer. */
export interface TransferSeen {
  /** Bytes that came to the host outside and to the guest. */
  readonly arrived: Pick<Transfer, "sent" | "received">;
  /** Counters of conntrack's own listing after it. */
  readonly listed: FlowTraffic;
  /** The exporter's totals after it, and once the table was flushed. */
  readonly exported: FlowTraffic;
  readonly kept: FlowTraffic;
}

export interface TransferScenario {
  readonly accounting: number | undefined;
  readonly transfers: readonly TransferSeen[];
}

async function main(): Promise<TransferScenario> {
  if (!enterNetworkNamespace()) throw new Error("Cannot make a network namespace: run as root");
  await using guest = await OtherNetwork.make();
  await using outside = await OtherNetwork.make();
  await connectNetworks(guest, outside);
  await using exporter = new RealProcess(BINARY, [
    `-web.listen-address=${EXPORTER}`,
    `-libvirt.uri=test://${DEMO_NODE}`,
    "-collection.interval=300ms",
    "-collector.flow_bytes",
  ]);
  const page = async () =>
    sampleValues(await exporter.answer(`http://${EXPORTER}/metrics`, WAIT_MS));
  /** A page whose cycle began after the call: the first that ends then may have dumped before. */
  const nextPage = async () => {
    await nextCycle(page, exporter);
    return await nextCycle(page, exporter);
  };

  const accounting = (await nextPage()).get("oie_host_conntrack_accounting");
  const transfers: TransferSeen[] = [];
  for (const transfer of TRANSFERS) {
    const before = exportedTraffic(await page());
    // So the exporter adds up what one flow grows by, from dump to dump.
    const isHalfExported = async () => {
      const { sentBytes, receivedBytes } = exportedTraffic(await page());
      return sentBytes - before.sentBytes >= transfer.sent / 2 &&
        receivedBytes - before.receivedBytes >= transfer.received / 2;
    };
    const arrived = await carryOut(transfer, guest, outside, isHalfExported);
    const listed = await listedTraffic();
    const exported = exportedTraffic(await nextPage());
    await bash("conntrack -F");
    transfers.push({ arrived, listed, exported, kept: exportedTraffic(await nextPage()) });
  }
  return { accounting, transfers };
}

/**
 * The guest's tap and the way out on the node, which forwards between them. The rules of the floating
 * IP are what switches connection tracking on. Ended connections stay in the table until it is flushed.
 */
async function connectNetworks(guest: OtherNetwork, outside: OtherNetwork): Promise<void> {
  await bash(`
    ip link add tap-guest type veth peer name eth0 netns ${guest.pid}
    ip link add external type veth peer name eth0 netns ${outside.pid}
    ip address add ${GATEWAY}/24 dev tap-guest
    ip address add ${NODE}/24 dev external
    ip address add ${FLOATING}/32 dev external
    ip link set tap-guest up
    ip link set external up
    guest() { ${guest.enter.join(" ")} "$@"; }
    guest ip address add ${FIXED}/24 dev eth0
    guest ip link set eth0 up
    guest ip route add default via ${GATEWAY}
    outside() { ${outside.enter.join(" ")} "$@"; }
    outside ip address add ${OUTSIDE}/24 dev eth0
    outside ip link set eth0 up
    echo 1 > /proc/sys/net/ipv4/ip_forward
    echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct
    echo 3600 > /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait
    nft 'table ip floating {
      chain in {
        type nat hook prerouting priority dstnat
        ip daddr ${FLOATING} dnat to ${FIXED}
      }
      chain out {
        type nat hook postrouting priority srcnat
        ip saddr ${FIXED} snat to ${FLOATING}
      }
      chain pass {
        type filter hook forward priority filter; policy drop
        ct state new,established accept
      }
    }'`);
}

/** The page of the next cycle that ends. */
async function nextCycle(
  page: () => Promise<ReadonlyMap<string, number>>,
  exporter: RealProcess,
): Promise<ReadonlyMap<string, number>> {
  const endOf = (values: ReadonlyMap<string, number>) =>
    values.get("oie_host_last_collection_timestamp_seconds") ?? 0;
  const at = endOf(await page());
  return await waitUntil("another cycle", async () => {
    const values = await page();
    return endOf(values) > at ? values : undefined;
  }, { withinMs: WAIT_MS, describe: () => exporter.output });
}

/** Sends half of a transfer both ways, and the rest once that was seen. */
async function carryOut(
  { opener, sent, received }: Transfer,
  guest: OtherNetwork,
  outside: OtherNetwork,
  isHalfSeen: () => Promise<boolean>,
): Promise<TransferSeen["arrived"]> {
  const isOut = opener === "guest";
  await using server = isOut
    ? startPeer(outside, "listen", OUTSIDE, received)
    : startPeer(guest, "listen", FIXED, sent);
  await waitUntil(
    "a listener",
    () => Promise.resolve(server.output.startsWith("listening") || undefined),
    { withinMs: WAIT_MS, describe: () => server.output },
  );
  await using client = isOut
    ? startPeer(guest, "connect", OUTSIDE, sent)
    : startPeer(outside, "connect", FLOATING, received);
  await waitUntil("half of the bytes", async () => await isHalfSeen() || undefined, {
    withinMs: WAIT_MS,
    describe: () => server.output + client.output,
  });
  for (const { pid } of [server, client]) Deno.kill(pid, "SIGUSR1");
  const [atServer, atClient] = [await arrivedAt(server), await arrivedAt(client)];
  return isOut ? { sent: atServer, received: atClient } : { sent: atClient, received: atServer };
}

function startPeer(
  network: OtherNetwork,
  role: "listen" | "connect",
  address: string,
  bytes: number,
): RealProcess {
  const [program, ...args] = network.enter;
  return new RealProcess(program, [
    ...args,
    ...[Deno.execPath(), "run", "--quiet", "--allow-net", `${import.meta.dirname}/tcp_peer.ts`],
    ...[role, address, String(PORT), String(bytes)],
  ]);
}

/** What a peer says that it got, the last that it prints. */
async function arrivedAt(peer: RealProcess): Promise<number> {
  const { code, stdout, stderr } = await peer.end(WAIT_MS);
  if (code !== 0) throw new Error(`Cannot send: ${stderr}`);
  return Number(stdout.trimEnd().split("\n").at(-1));
}

/** What conntrack lists of the guest, once its connections have ended and no packet comes any more. */
async function listedTraffic(): Promise<FlowTraffic> {
  const entries = await waitUntil("the end of connections", async () => {
    const listing = await bash("conntrack -L -o extended");
    const ofGuest = listing.split("\n").filter((line) => line.includes(`src=${FIXED} `));
    return ofGuest.every((line) => line.includes(" TIME_WAIT ")) ? ofGuest : undefined;
  }, { withinMs: WAIT_MS });
  const sums = { sentBytes: 0, sentPackets: 0, receivedBytes: 0, receivedPackets: 0 };
  for (const entry of entries) {
    for (const [, src, packets, bytes] of entry.matchAll(DIRECTION)) {
      const isSent = src === FIXED;
      sums[isSent ? "sentBytes" : "receivedBytes"] += Number(bytes);
      sums[isSent ? "sentPackets" : "receivedPackets"] += Number(packets);
    }
  }
  return sums;
}

/** Totals of the fixed IP on a page, which has none before there was traffic. */
function exportedTraffic(values: ReadonlyMap<string, number>): FlowTraffic {
  const total = (wanted: string, direction: string) =>
    [...values].find(([series]) => {
      const { family, labels } = seriesParts(series);
      return family === wanted && labels["ip"] === FIXED && labels["direction"] === direction;
    })?.[1] ?? 0;
  return {
    sentBytes: total("oie_conntrack_ip_bytes_total", "out"),
    sentPackets: total("oie_conntrack_ip_packets_total", "out"),
    receivedBytes: total("oie_conntrack_ip_bytes_total", "in"),
    receivedPackets: total("oie_conntrack_ip_packets_total", "in"),
  };
}

if (import.meta.main) console.log(JSON.stringify(await main()));
