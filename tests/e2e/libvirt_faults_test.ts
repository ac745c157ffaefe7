import assert from "node:assert/strict";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { LibvirtProxy } from "./libvirt_proxy.ts";
import { INTERVAL_MS, isDown, isUp, NodeExporter } from "./node_exporter_process.ts";

const START_MS = 60_000;
/**
 * Two intervals, and what a cycle, a page and this test's own looks take beside a busy machine: below the
 * watchdog's least deadline, so that it is not what helped.
 */
const RECOVERY_MS = 2 * INTERVAL_MS + 10_000;
/** The life of the data, with that room. */
const STALL_MS = 10_000 + 10_000;
/** The watchdog's least deadline, with that room: what would be waited for takes longer. */
const WAKE_MS = 15_000 + 25_000;
/** A page that waited for libvirt would take until the watchdog cuts the call off. */
const SCRAPE_MS = 4_000;
/** Until a BIOS has read the boot sector, which takes a nested guest on a busy machine a minute or more. */
const BIOS_MS = 300_000;
/** How long an instance's last good values are served in the test of a hanging guest. */
const EXPIRY_S = 25;
const CUT = /libvirt does not answer, its connection was cut/g;

const FIRST = { name: "instance-00000001", uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931" };
const SECOND = { name: "instance-00000002", uuid: "6695eb01-f6a4-4304-89aa-97f2502e1932" };

Deno.test("binary survives libvirtd's absence, its death in a call, and its freezing", async (test) => {
  await using node = await LibvirtNode.start();
  await node.createGuest({ ...FIRST, bare: true });
  await node.stopDaemon();
  await Deno.remove(node.socket);
  await using exporter = await NodeExporter.start(node);

  await test.step("serves without libvirtd, and has the page once it is started", async () => {
    const down = await exporter.values("a page", START_MS, isDown);
    assert.equal(down.get("oie_dynamic_cache_entries"), 0);
    await node.startDaemon();
    await exporter.values("a full page", RECOVERY_MS, isUp(1));
  });

  await test.step("has the page again after libvirtd was killed in a call and started", async () => {
    await node.freezeDaemon();
    // The call in flight is seen by the page, which is stalled after its lifetime of 10 s.
    await exporter.values("a stalled page", STALL_MS, isDown);
    await node.stopDaemon();
    await Deno.remove(node.socket);
    await exporter.values("a page of a cycle without libvirt", RECOVERY_MS, isDown);
    await node.startDaemon();
    await exporter.values("a full page", RECOVERY_MS, isUp(1));
  });

  await test.step("ends within five seconds while libvirtd is frozen", async () => {
    await node.freezeDaemon();
    await new Promise((resolve) => setTimeout(resolve, 2 * INTERVAL_MS));
    const { code, signal, tookMs } = await exporter.process.stop("SIGTERM", 10_000);
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    assert.ok(tookMs < 5_000, `${tookMs} ms`);
    await node.thawDaemon();
  });
});

Deno.test("binary cuts a call off that is not answered, and keeps to one connection", async (test) => {
  await using node = await LibvirtNode.start();
  await node.createGuest({ ...FIRST, bare: true });
  await using proxy = await LibvirtProxy.start(node.socket);
  await using exporter = await NodeExporter.start(node, { uri: proxy.uri });
  await exporter.values("a full page", START_MS, isUp(1));

  await test.step("reads on after an answer that stopped in the middle", async () => {
    proxy.freezeAfter(100);
    await exporter.values("a stalled page", STALL_MS, isDown);
    assert.ok(proxy.isFrozen);
    await exporter.values("a full page", WAKE_MS, isUp(1));
    assert.equal(exporter.process.output.match(CUT)?.length, 1);
  });

  await test.step("serves at full speed while libvirtd is frozen, and reads on after it", async () => {
    await node.freezeDaemon();
    const cutBefore = exporter.process.output.match(CUT)?.length ?? 0;
    const deadline = performance.now() + WAKE_MS;
    let slowestMs = 0;
    while ((exporter.process.output.match(CUT)?.length ?? 0) === cutBefore) {
      assert.ok(performance.now() < deadline, exporter.process.output);
      const askedMs = performance.now();
      await exporter.page();
      slowestMs = Math.max(slowestMs, performance.now() - askedMs);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(slowestMs < SCRAPE_MS, `${slowestMs} ms`);
    await exporter.values("a stalled page", STALL_MS, isDown);
    await node.thawDaemon();
    await exporter.values("a full page", RECOVERY_MS, isUp(1));
  });

  assert.equal(proxy.mostOpen, 1);
  assert.doesNotMatch(exporter.process.output, /A new collecting thread starts/);
});

Deno.test("binary exports all others beside a guest whose QEMU hangs", async () => {
  await using node = await LibvirtNode.start();
  // With a BIOS, which reads the boot sector: its disk has counters above zero.
  await node.createGuest(FIRST);
  await node.createGuest(SECOND);
  await using exporter = await NodeExporter.start(node, {
    flags: [`-dynamic.cache.expiration=${EXPIRY_S}s`],
  });
  const hasReads = (values: ReadonlyMap<string, number>, name: string) =>
    [...values.keys()].some((series) =>
      series.startsWith("oie_disk_r_requests{") && series.includes(`domain="${name}"`)
    );
  await exporter.values(
    "both guests' disk counters",
    BIOS_MS,
    (values) => isUp(2)(values) && hasReads(values, FIRST.name) && hasReads(values, SECOND.name),
  );

  await node.freezeGuest(SECOND.name);
  const frozenAt = Date.now() / 1000;
  const collectedAt = (values: ReadonlyMap<string, number>) =>
    values.get("oie_host_last_collection_timestamp_seconds") ?? 0;
  const after = await exporter.values(
    "a complete cycle beside the hanging guest",
    WAKE_MS + RECOVERY_MS,
    (values) => isUp(2)(values) && collectedAt(values) > frozenAt + 10,
  );
  assert.ok(hasReads(after, FIRST.name));
  // On a machine so slow that they have expired by now it is not seen.
  const isExpired = collectedAt(after) > frozenAt + EXPIRY_S - 2;
  assert.ok(isExpired || hasReads(after, SECOND.name), "last good values, until they expire");
  await exporter.values(
    "only the others' counters",
    EXPIRY_S * 1_000 + RECOVERY_MS,
    (values) => isUp(2)(values) && hasReads(values, FIRST.name) && !hasReads(values, SECOND.name),
  );
  await node.thawGuest(SECOND.name);
  await exporter.values(
    "the counters of the guest that answers again",
    RECOVERY_MS,
    (values) => isUp(2)(values) && hasReads(values, SECOND.name),
  );
  assert.equal(exporter.process.output.match(CUT)?.length, 1);
});
