import assert from "node:assert/strict";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { valueOfDomain, type Values } from "./domain_values.ts";
import { domstats } from "./domstats.ts";
import { machineMemory } from "./machine_memory.ts";
import { NodeExporter } from "./node_exporter_process.ts";
import { waitUntil } from "./wait_until.ts";

const WAIT_MS = 30_000;
// QEMU's threads are found by the UUID among all processes: another run of this test has others.
const BUSY = {
  name: "instance-00000001",
  uuid: crypto.randomUUID(),
  fixedIps: ["10.0.0.1"],
  bare: true,
  busy: "writing",
  vcpus: 2,
} as const;
const IDLE = {
  name: "instance-00000002",
  uuid: crypto.randomUUID(),
  bare: true,
};

/** What is compared; libvirt waits for the exporter's own call. */
const GROUPS = ["--state", "--cpu-total", "--balloon", "--vcpu", "--block"];

/** The families by libvirt's name for the value, and what one of libvirt's units is in ours. */
const SAME: readonly (readonly [family: string, libvirt: RegExp, unit: number, text?: string])[] = [
  ["cpu_seconds_total", /^cpu\.time$/, 1e-9],
  ["cpu_user_seconds_total", /^cpu\.user$/, 1e-9],
  ["cpu_system_seconds_total", /^cpu\.system$/, 1e-9],
  ["cpu_vcpus", /^vcpu\.current$/, 1],
  ["cpu_steal_seconds_total", /^vcpu\.\d+\.delay$/, 1e-9],
  ["memory_maximum_bytes", /^balloon\.maximum$/, 1024],
  ["memory_current_bytes", /^balloon\.current$/, 1024],
  ["disk_read_seconds_total", /^block\.1\.rd\.times$/, 1e-9, 'disk_path="vdb"'],
  ["disk_write_seconds_total", /^block\.1\.wr\.times$/, 1e-9, 'disk_path="vdb"'],
  ["disk_flush_seconds_total", /^block\.1\.fl\.times$/, 1e-9, 'disk_path="vdb"'],
  ["disk_flush_requests_total", /^block\.1\.fl\.reqs$/, 1, 'disk_path="vdb"'],
  ["disk_capacity_bytes", /^block\.1\.capacity$/, 1, 'disk_path="vdb"'],
  ["disk_allocation_bytes", /^block\.1\.allocation$/, 1, 'disk_path="vdb"'],
  ["disk_physical_bytes", /^block\.1\.physical$/, 1, 'disk_path="vdb"'],
];

/** Sum of what libvirt says under names that fit, in our unit. */
function sumOf(stats: ReadonlyMap<string, number>, name: RegExp, unit: number): number {
  const found = [...stats].filter(([known]) => name.test(known));
  assert.notEqual(found.length, 0, `libvirt says no ${name}`);
  return found.reduce((sum, [, value]) => sum + value * unit, 0);
}

Deno.test("binary as nobody exports what libvirt, QEMU's threads and the kernel say of real guests", async (test) => {
  await using node = await LibvirtNode.start();
  await node.createGuest(BUSY);
  await node.createGuest({ ...IDLE, interfaces: ["tapd1a3a1f0-01"] });
  await using exporter = await NodeExporter.start(node, {
    flags: ["-collector.job"],
    intervalMs: 500,
  });
  const page = (what: string, fits: (values: Values) => boolean) =>
    exporter.values(what, WAIT_MS, fits);
  const nextPage = () => exporter.nextPage(WAIT_MS);

  await test.step("the disk's times and flushes, CPU, steal and memory are libvirt's", async () => {
    // The guest's own device does the I/O, at QEMU's command.
    for (const command of ["aio_write 0 65536", "aio_read 0 65536", "aio_flush"]) {
      const device = "/machine/peripheral/virtio-disk1/virtio-backend";
      await node.virsh(
        "qemu-monitor-command",
        "--hmp",
        BUSY.name,
        `qemu-io -d ${device} "${command}"`,
      );
    }
    await waitUntil("the flush", async () => {
      const flushes = (await domstats(node, BUSY.name, ...GROUPS)).get("block.1.fl.reqs") ?? 0;
      return flushes > 0 ? true : undefined;
    }, { withinMs: WAIT_MS });
    const before = await domstats(node, BUSY.name, ...GROUPS);
    const values = await nextPage();
    const after = await domstats(node, BUSY.name, ...GROUPS);
    for (const [family, name, unit, text] of SAME) {
      const value = valueOfDomain(values, family, BUSY.name, text) ?? NaN;
      const [least, most] = [sumOf(before, name, unit), sumOf(after, name, unit)];
      // Seconds are rounded to the nearest number that a float can be.
      const slack = 1e-9 * most;
      const fits = value >= least - slack && value <= most + slack;
      assert.ok(fits, `${family}: ${least} <= ${value} <= ${most}`);
    }
    for (const family of ["cpu_steal_seconds_total", "disk_write_seconds_total"]) {
      assert.ok((valueOfDomain(values, family, BUSY.name) ?? 0) > 0, family);
    }
    assert.ok((valueOfDomain(values, "memory_rss_bytes", BUSY.name) ?? 0) > 2 ** 20);
    assert.equal(valueOfDomain(values, "disk_flush_requests_total", IDLE.name), undefined);
    const port = 'interface="tapd1a3a1f0-01"';
    assert.equal(valueOfDomain(values, "net_info", IDLE.name, port), 1);
    const info = [...values.keys()].find((series) =>
      series.includes(port) && /^oie_net_info/.test(series)
    );
    assert.match(
      info ?? "",
      /mac="52:54:00:[0-9a-f:]{8}",bridge="",model="virtio",port_uuid="",mtu="1450"}$/,
    );
  });

  await test.step("a paused guest is paused, and by whom", async () => {
    const running = await nextPage();
    assert.equal(valueOfDomain(running, "instance_state", IDLE.name), 1);
    assert.equal(
      valueOfDomain(running, "instance_state_info", IDLE.name, 'state="running",reason="booted"'),
      1,
    );
    await node.virsh("suspend", IDLE.name);
    const paused = await nextPage();
    assert.equal(valueOfDomain(paused, "instance_state", IDLE.name), 3);
    assert.equal(valueOfDomain(paused, "instance_state_info", IDLE.name), 1);
    assert.equal(
      valueOfDomain(paused, "instance_state_info", IDLE.name, 'state="paused",reason="user"'),
      1,
    );
  });

  await test.step("the balloon's target is followed by nobody, so the page stays with what is", async () => {
    await node.virsh("setmem", IDLE.name, "8MiB", "--live");
    const stats = await domstats(node, IDLE.name, ...GROUPS);
    const values = await nextPage();
    const current = sumOf(stats, /^balloon\.current$/, 1024);
    assert.equal(valueOfDomain(values, "memory_current_bytes", IDLE.name), current);
  });

  await test.step("the host is this machine", async () => {
    const before = await machineMemory();
    const values = await nextPage();
    const after = await machineMemory();
    const of = (name: string) => values.get(`oie_${name}`);
    assert.equal(of("host_cpus"), navigator.hardwareConcurrency);
    assert.equal(of("host_memory_total_bytes"), Deno.systemMemoryInfo().total);
    assert.equal(of("host_vcpu_overcommit_ratio"), 3 / navigator.hardwareConcurrency);
    const most = 2 * 16 * 2 ** 20 / Deno.systemMemoryInfo().total;
    assert.equal(of("host_memory_overcommit_ratio"), most);
    assert.ok((of('host_cpu_seconds_total{mode="idle"}') ?? 0) > 0);
    const total = "host_numa_memory_total_bytes";
    const free = "host_numa_memory_free_bytes";
    const numa = [...values].filter(([series]) => series.startsWith(`oie_${total}{`));
    const totals = [...after.nodes].map(([number, { MemTotal }]) => [
      `oie_${total}{node="${number}"}`,
      MemTotal,
    ]);
    assert.deepEqual(numa.sort(), totals.sort());
    // Others use this machine meanwhile.
    const isBetween = (name: string, one = NaN, other = NaN) => {
      const [least, most] = [0.8 * Math.min(one, other), 1.2 * Math.max(one, other)];
      const value = of(name) ?? NaN;
      assert.ok(value >= least && value <= most, `${name}: ${least} <= ${value} <= ${most}`);
    };
    isBetween("host_memory_available_bytes", before.all.MemAvailable, after.all.MemAvailable);
    for (const [number, { MemFree }] of after.nodes) {
      isBetween(`${free}{node="${number}"}`, before.nodes.get(number)?.MemFree, MemFree);
    }
    const versions = await node.virsh("version", "--daemon");
    const qemu = /hypervisor: QEMU ([\d.]+)/.exec(versions)?.[1];
    const libvirt = /daemon: ([\d.]+)/.exec(versions)?.[1];
    const kernel = Deno.osRelease();
    assert.equal(of(`libvirt_info{libvirt="${libvirt}",qemu="${qemu}",kernel="${kernel}"}`), 1);
  });

  await test.step("a migration shows its progress while it runs, and only then", async () => {
    await using target = await LibvirtNode.start();
    const folder = await Deno.makeTempDir({ prefix: "oie-migration-" });
    try {
      const calm = await nextPage();
      assert.equal(valueOfDomain(calm, "instance_job_info", BUSY.name), undefined);
      // It writes memory faster than one MiB a second can follow: the job lasts until it is aborted.
      const migration = node.virsh(
        ...["migrate", "--live", "--unsafe", "--bandwidth", "1"],
        ...["--migrateuri", `unix://${folder}/socket`, BUSY.name, target.fullUri],
      ).then(() => "it ended", (error: Error) => error.message);
      const values = await page(
        "a page with the job",
        (values) =>
          (valueOfDomain(values, "instance_job_memory_bytes_per_second", BUSY.name) ?? 0) > 0,
      );
      assert.equal(
        valueOfDomain(values, "instance_job_info", BUSY.name, 'operation="migration_out"'),
        1,
      );
      const of = (name: string) => valueOfDomain(values, `instance_job_${name}`, BUSY.name) ?? NaN;
      assert.ok(of("elapsed_seconds") > 0 && of("elapsed_seconds") < 600);
      assert.ok(of("size_bytes") >= 16 * 2 ** 20);
      assert.ok(of("processed_bytes") > 0);
      assert.ok(of("remaining_bytes") > 0 && of("remaining_bytes") <= of("size_bytes"));
      assert.ok(of("memory_iterations") >= 1);
      assert.ok(of("dirty_bytes_per_second") >= 0);
      assert.ok(of("downtime_seconds") > 0);
      assert.equal(valueOfDomain(values, "instance_job_info", IDLE.name), undefined);
      await node.virsh("domjobabort", BUSY.name);
      assert.match(await migration, /canceled by client/);
      await page(
        "a page without the job",
        (values) => [...values.keys()].every((series) => !series.startsWith("oie_instance_job")),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

  await test.step("said nothing of it all in its log", () => {
    assert.doesNotMatch(exporter.process.output, /vCPU threads|cannot be used/);
  });
});
