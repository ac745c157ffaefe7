import assert from "node:assert/strict";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import type { DomainStats } from "../../ffi/domain_stats.ts";
import { LibvirtConnection } from "../../ffi/libvirt.ts";
import { LibvirtReader } from "../../lib/reading/libvirt_reader.ts";
import type { LibvirtListing } from "../../lib/reading/libvirt_reading.ts";
import { dataVolumeUuid } from "./guest_xml.ts";
import { LibvirtNode } from "./libvirt_node.ts";

const GUESTS = [1, 2, 3].map((number) => ({
  name: `instance-0000000${number}`,
  uuid: `6695eb01-f6a4-4304-89aa-97f2502e193${number}`,
}));

/** The counters of `virsh domstats` that the exporter reads, by libvirt's names. */
const BULK_ARGS = "--nowait --state --cpu-total --balloon --interface --block".split(" ");

/** Far less than QEMU's whole memory (some 40,000 KiB), far more than it moves between two readings. */
const RSS_SLACK_KIB = 4096n;

Deno.test("LibvirtReader on a node with running guests", async (test) => {
  await using node = await LibvirtNode.start();
  const [first, second, third] = GUESTS;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  await node.createGuest({
    ...first,
    projectName: `<"&'> Ltd`,
    projectUuid: "p-1",
    userName: "ø",
    userUuid: "u-1",
    flavor: "m1.tiny",
    fixedIps: ["10.0.0.1", "2001:db8::1"],
    interfaces: ["tapfirst"],
  });
  await node.createGuest({ ...second, busy: true, bare: true });
  const reader = new LibvirtReader(node.uri, { intervalMs: 1000 });

  await test.step("reads what libvirt says, neither before nor after", async () => {
    const before = await domstats(node);
    const { domains, domainErrors } = listing(reader);
    const after = await domstats(node);
    assert.deepEqual([domains.length, domainErrors], [2, 0]);
    for (const { stats } of domains) {
      const ours = countersOf(stats);
      const lower = before.get(stats.name) ?? new Map<string, bigint>();
      const upper = after.get(stats.name) ?? new Map<string, bigint>();
      assert.deepEqual([...ours.keys()].sort(), [...lower.keys()].sort());
      for (const [name, value] of ours) {
        const [least = 1n, most = 0n] = bounds(name, lower.get(name), upper.get(name));
        const inside = value !== undefined && least <= value && value <= most;
        assert.ok(inside, `${name}: ${least} <= ${value} <= ${most}`);
      }
    }
    const busy = domains.find(({ stats }) => stats.name === second.name);
    assert.ok((busy?.stats.cpuTimeNs ?? 0n) > 0n);
  });

  await test.step("describes the guest as Nova wrote it", async () => {
    const { domains } = listing(reader);
    const found = domains.find(({ stats }) => stats.uuid === first.uuid)?.description;
    assert.ok(found !== undefined);
    const { disks: [root, data], ...rest } = found;
    const [, mac] = /<mac address='(.*)'\/>/.exec(await node.virsh("dumpxml", first.name)) ?? [];
    assert.deepEqual(rest, {
      metadataVersion: "29.2.1",
      displayName: first.name,
      flavor: "m1.tiny",
      projectUuid: "p-1",
      projectName: `<"&'> Ltd`,
      userUuid: "u-1",
      userName: "ø",
      rootType: "image",
      createdAt: "2025-06-01 12:00:00",
      vcpus: 1,
      memoryKib: 16384,
      fixedIps: [parseIpAddress("10.0.0.1"), parseIpAddress("2001:db8::1")],
      fixedIpPorts: [[first.uuid], [first.uuid]],
      interfaces: [{
        device: "tapfirst",
        mac: mac ?? "",
        bridge: "",
        model: "virtio",
        portUuid: "",
        mtu: "1450",
      }],
      blockDevices: ["vda", "vdb"],
    });
    assert.ok(root?.uuid.endsWith(`/${first.name}.root`));
    assert.deepEqual(data, { device: "vdb", tier: "local", uuid: dataVolumeUuid(first.uuid) });
  });

  await test.step("sees a disk and a vNIC plugged in between two cycles", async () => {
    const disk = await node.createDisk("hotplug");
    await node.attachDevice(
      first.name,
      `<disk type="file"><source file="${disk}"/><target dev="vdc" bus="virtio"/></disk>`,
    );
    await node.attachDevice(
      first.name,
      `<interface type="ethernet"><target dev="taphot"/><model type="virtio"/></interface>`,
    );
    const { domains } = listing(reader);
    const found = domains.find(({ stats }) => stats.uuid === first.uuid);
    assert.deepEqual(found?.description?.disks.map(({ device }) => device), ["vda", "vdb", "vdc"]);
    assert.deepEqual(found?.description?.interfaces.map(({ device }) => device), [
      "tapfirst",
      "taphot",
    ]);
    assert.deepEqual(found?.stats.interfaces?.map(({ name }) => name), ["tapfirst", "taphot"]);
  });

  await test.step("follows a guest that was destroyed and one that was started", async () => {
    const known = new Map(listing(reader).domains.map(({ stats, run }) => [stats.name, run]));
    await node.destroyGuest(second.name);
    await node.createGuest({ ...third, bare: true });
    const { domains, domainErrors } = listing(reader);
    const runs = new Map(domains.map(({ stats, run }) => [stats.name, run]));
    assert.deepEqual([...runs.keys()].sort(), [first.name, third.name]);
    assert.equal(runs.get(first.name), known.get(first.name));
    assert.equal(domainErrors, 0);
  });

  await test.step("reconnects in the first cycle after libvirtd was killed and started", async () => {
    const known = new Map(listing(reader).domains.map(({ stats, run }) => [stats.name, run]));
    await node.stopDaemon();
    await node.startDaemon();
    const { domains } = listing(reader);
    assert.deepEqual(new Map(domains.map(({ stats, run }) => [stats.name, run])), known);
    for (const { stats, run } of domains) assert.equal(run, known.get(stats.name));
  });

  await test.step("reads on beside a guest whose QEMU hangs, once a call was cut off", async () => {
    // A libvirtd that was just started is still busy with each guest, and NOWAIT passes those over.
    await waitUntil(() => listing(reader).domains.every(hasDiskCounters));
    await node.freezeGuest(third.name);
    // This call takes the guest's job and never gives it back, as the exporter's own would.
    const hung = new Deno.Command("timeout", {
      args: ["1", "virsh", "-r", "-c", node.uri, "domstats", ...BULK_ARGS],
    });
    assert.equal((await hung.output()).code, 124);
    const { domains, domainErrors } = listing(reader);
    assert.equal(domainErrors, 0);
    const stuck = domains.find(({ stats }) => stats.name === third.name)?.stats;
    const fine = domains.find(({ stats }) => stats.name === first.name)?.stats;
    assert.deepEqual(stuck?.disks, [{ name: "vda" }, { name: "vdb" }]);
    assert.equal(fine && hasDiskCounters({ stats: fine }), true);
  });

  await test.step("tells no job of the guest that hangs, rather than wait for its end", () => {
    using connection = LibvirtConnection.open(node.uri, ["STATE"]);
    using list = connection.allDomainStats();
    // libvirt gives up waiting with an error.
    const jobs = list.domains.map((domain) => [domain.stats.name, domain.job()]);
    assert.deepEqual(jobs.sort(), [[first.name, undefined], [third.name, undefined]]);
  });

  await test.step("is down while libvirtd is, says why, and leaves no handle", async () => {
    await node.stopDaemon();
    const down = reader.read();
    assert.ok(!down.up);
    assert.match(
      down.error.message,
      /^Cannot connect to libvirt: tried qemu\+unix:.*, read-only: .*Connection refused/,
    );
    await node.startDaemon();
    await waitUntil(() => reader.read().up);
    assert.equal(reader.close(), 0);
  });
});

Deno.test("LibvirtNode runs beside another one with the same guest", async () => {
  await using one = await LibvirtNode.start();
  await using other = await LibvirtNode.start();
  const guest = {
    name: "instance-00000001",
    uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931",
    bare: true,
  };
  await Promise.all([one.createGuest(guest), other.createGuest(guest)]);
  await one.destroyGuest(guest.name);
  const names = async (node: LibvirtNode) => (await node.virsh("list", "--name")).trim();
  assert.deepEqual([await names(one), await names(other)], ["", guest.name]);
});

function listing(reader: LibvirtReader): LibvirtListing {
  const reading = reader.read();
  assert.ok(reading.up, reading.up ? "" : reading.error.message);
  return reading;
}

function hasDiskCounters({ stats }: { readonly stats: DomainStats }): boolean {
  return stats.disks?.every(({ readBytes }) => readBytes !== undefined) ?? false;
}

/** What a value read in between can be: counters only grow, while the kernel gives and takes memory. */
function bounds(
  name: string,
  before: bigint | undefined,
  after: bigint | undefined,
): [bigint | undefined, bigint | undefined] {
  if (name !== "balloon.rss" || before === undefined || after === undefined) return [before, after];
  const [least, most] = before < after ? [before, after] : [after, before];
  return [least - RSS_SLACK_KIB, most + RSS_SLACK_KIB];
}

/** Our counters by libvirt's names; a NOWAIT reading of an idle node has them all. */
function countersOf(stats: DomainStats): Map<string, bigint | undefined> {
  return new Map([
    ["state.state", optional(stats.state)],
    ["state.reason", optional(stats.stateReason)],
    ["cpu.time", stats.cpuTimeNs],
    ["cpu.user", stats.cpuUserNs],
    ["cpu.system", stats.cpuSystemNs],
    ["balloon.current", stats.memoryCurrentKib],
    ["balloon.maximum", stats.memoryMaximumKib],
    ["balloon.rss", stats.memoryRssKib],
    ["balloon.last-update", stats.memoryUpdatedAtS],
    ...(stats.disks ?? []).flatMap((disk, i): [string, bigint | undefined][] => [
      [`block.${i}.rd.bytes`, disk.readBytes],
      [`block.${i}.rd.reqs`, disk.readRequests],
      [`block.${i}.rd.times`, disk.readNs],
      [`block.${i}.wr.bytes`, disk.writeBytes],
      [`block.${i}.wr.reqs`, disk.writeRequests],
      [`block.${i}.wr.times`, disk.writeNs],
      [`block.${i}.fl.reqs`, disk.flushRequests],
      [`block.${i}.fl.times`, disk.flushNs],
      [`block.${i}.capacity`, disk.capacityBytes],
      [`block.${i}.allocation`, disk.allocationBytes],
      [`block.${i}.physical`, disk.physicalBytes],
    ]),
    ...(stats.interfaces ?? []).flatMap((vnic, i): [string, bigint | undefined][] => [
      [`net.${i}.rx.bytes`, vnic.rxBytes],
      [`net.${i}.rx.pkts`, vnic.rxPackets],
      [`net.${i}.rx.errs`, vnic.rxErrors],
      [`net.${i}.rx.drop`, vnic.rxDrops],
      [`net.${i}.tx.bytes`, vnic.txBytes],
      [`net.${i}.tx.pkts`, vnic.txPackets],
      [`net.${i}.tx.errs`, vnic.txErrors],
      [`net.${i}.tx.drop`, vnic.txDrops],
    ]),
  ]);
}

function optional(code: number | undefined): bigint | undefined {
  return code === undefined ? undefined : BigInt(code);
}

/** What libvirt says beside it is of no use to an operator, or costs too much (`vcpu`). */
const READ_BY_US =
  /^(state\.\w+|cpu\.(time|user|system)|balloon\.[a-z-]+|block\.\d+\.((rd|wr)\.(bytes|reqs|times)|fl\.\w+|capacity|allocation|physical)|net\.\d+\.[rt]x\.\w+)$/;

async function domstats(node: LibvirtNode): Promise<Map<string, Map<string, bigint>>> {
  const domains = new Map<string, Map<string, bigint>>();
  let counters = new Map<string, bigint>();
  for (const line of (await node.virsh("domstats", ...BULK_ARGS)).split("\n")) {
    const [, domain] = /^Domain: '(.*)'$/.exec(line) ?? [];
    if (domain !== undefined) domains.set(domain, counters = new Map());
    const [name = "", value = ""] = line.trim().split("=");
    if (READ_BY_US.test(name)) counters.set(name, BigInt(value));
  }
  return domains;
}

async function waitUntil(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, "not within 30 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
