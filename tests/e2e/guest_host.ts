import { guestKernel } from "../integration/guest_kernel.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { OvsdbServer } from "../integration/ovsdb_server.ts";
import { BINARY } from "./exporter_binary.ts";
import { RealProcess } from "./real_process.ts";
import { waitUntil } from "./wait_until.ts";

/** A Linux without KVM takes some 5 s to get there, and many times as long beside other work. */
const BOOT_MS = 180_000;
const INSIDE = "127.0.0.1:9120";
const FIXED_IP = "10.0.0.1";

/**
 * Datagrams of the fixed IP to remotes, and of one remote to it. No switch is there, so the host itself
 * has all of these addresses; the rule is what makes the kernel track them.
 */
const TRAFFIC = `set -e
ip address add ${FIXED_IP}/32 dev lo
ip route add local 192.0.2.0/24 dev lo src ${FIXED_IP}
ip route change local ${FIXED_IP} dev lo table local src 192.0.2.200
nft 'add table ip t; add chain ip t o { type filter hook output priority 0; }'
nft 'add rule ip t o ct state new accept'
echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct
while :; do
  for n in 1 2 3 4 5; do
    printf '%0500d' 0 > /dev/udp/192.0.2.$n/53
    printf '%0200d' 0 > /dev/udp/${FIXED_IP}/500$n
  done
  sleep 1
done`;

/** A compute node with what libvirt's test driver cannot show. */
export interface GuestHost extends AsyncDisposable {
  /** The guest that has something to show in each family. */
  readonly project: string;
  readonly instance: string;
  /** The exporter's page now. */
  page(): Promise<string>;
}

/**
 * Starts real QEMU guests under a real libvirtd: a Linux that swaps, writes to its disk and is migrated
 * without an end, and one that is paused; with traffic of its fixed IP, Open vSwitch's database, and an
 * exporter that has everything switched on. All of it is in a network of its own. Needs root.
 */
export async function startGuestHost(): Promise<GuestHost> {
  await using stack = new AsyncDisposableStack();
  const owner = {
    projectUuid: crypto.randomUUID(),
    projectName: "metering",
    userUuid: crypto.randomUUID(),
    userName: "kim",
  };
  const guest = { name: "instance-00000101", uuid: crypto.randomUUID(), fixedIps: [FIXED_IP] };
  const idle = { name: "instance-00000102", uuid: crypto.randomUUID(), bare: true };
  const linux = await guestKernel();
  const node = stack.use(await LibvirtNode.start());
  await node.createGuest({ ...guest, ...owner, linux });
  await node.createGuest({ ...idle, ...owner });
  await node.virsh("suspend", idle.name);

  const database = stack.use(await OvsdbServer.start());
  await database.setZones({ "router-port": "7" });
  const traffic = stack.use(new RealProcess(...node.inside("bash", ["-c", TRAFFIC])));
  // Steal is read from QEMU's threads, and the guest's other QEMU, where it moves to, is on this machine too.
  const exporter = stack.use(
    new RealProcess(...node.insideProcesses(BINARY, [
      `-web.listen-address=${INSIDE}`,
      `-libvirt.uri=${node.uri}`,
      "-collection.interval=1s",
      "-cpu.min=0",
      "-conntrack.min=0",
      "-collector.job",
      "-collector.flow_kinds",
      "-collector.flow_bytes",
      "-outbound.behavior.enable",
      "-inbound.behavior.enable",
      `-ovs.db=unix:${database.socket}`,
      "-metrics.names=both",
    ])),
  );
  const page = () => pageInside(node);
  await waitUntil(
    "a guest that swaps",
    async () => /^oie_memory_swap_in_bytes_total\{.*\} [1-9]/m.test(await page()) || undefined,
    { withinMs: BOOT_MS, describe: () => exporter.output + traffic.output },
  );
  await migrate(node, guest.name, stack);
  const resources = stack.move();
  return {
    project: owner.projectUuid,
    instance: guest.uuid,
    page,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** The exporter's page; only programs in the node's network reach it. */
async function pageInside(node: LibvirtNode): Promise<string> {
  const url = `http://${INSIDE}/metrics`;
  const [program, args] = node.inside("curl", ["-sf", "--max-time", "5", url]);
  const { success, stdout } = await new Deno.Command(program, { args }).output();
  if (!success) throw new Error(`Cannot fetch ${url} inside the node`);
  return new TextDecoder().decode(stdout);
}

/** Begins a migration that lasts: the guest writes memory faster than it is allowed to be moved. */
async function migrate(node: LibvirtNode, name: string, stack: AsyncDisposableStack) {
  const target = stack.use(await LibvirtNode.start());
  // It fails when it is aborted; where it fails before, the job's series are missing and the test says so.
  const ended = quietly(node.virsh(
    ...["migrate", "--live", "--unsafe", "--bandwidth", "1"],
    ...["--migrateuri", `unix://${target.folder}/socket`, name, target.fullUri],
  ));
  stack.defer(async () => {
    await quietly(node.virsh("domjobabort", name));
    await ended;
  });
}

async function quietly(command: Promise<string>): Promise<void> {
  await command.catch(() => "");
}
