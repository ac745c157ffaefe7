import assert from "node:assert/strict";
import { LibvirtProxy } from "../e2e/libvirt_proxy.ts";
import { INTERVAL_MS, isUp, NodeExporter } from "../e2e/node_exporter_process.ts";
import { terminateAtAnyPoint } from "../e2e/terminate.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";

const START_MS = 20_000;
const RECOVERY_MS = 2 * INTERVAL_MS + 1_500;
const WAKE_MS = 20_000;
const GUEST = { name: "instance-00000001", uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931" };
const OTHER = { name: "instance-00000002", uuid: "6695eb01-f6a4-4304-89aa-97f2502e1932" };
const FROZEN_MS = 60_000;
const SCRAPE_EVERY_MS = 50;
const HANGS = 10;

Deno.test("binary answers as fast while libvirtd is frozen for a minute, and recovers", async () => {
  await using node = await LibvirtNode.start();
  await node.createGuest({ ...GUEST, bare: true });
  await using proxy = await LibvirtProxy.start(node.socket);
  await using exporter = await NodeExporter.start(node, { uri: proxy.uri });
  await exporter.values("a full page", START_MS, isUp(1));
  const before = await scrapeP99(exporter, FROZEN_MS / 4);
  await node.freezeDaemon();
  const during = await scrapeP99(exporter, FROZEN_MS);
  await node.thawDaemon();
  const thawedMs = performance.now();
  await exporter.values("a full page", RECOVERY_MS, isUp(1));
  const recoveredMs = performance.now() - thawedMs;
  console.log(
    `scrape p99 ${before.toFixed(1)} ms before, ${during.toFixed(1)} ms while frozen; ` +
      `full page ${recoveredMs.toFixed(0)} ms after`,
  );
  assert.ok(during < Math.max(50, 3 * before), `${during} ms`);
  assert.equal(proxy.mostOpen, 1);
});

Deno.test("binary keeps its descriptors and threads over many guests that hang", async () => {
  await using node = await LibvirtNode.start();
  await node.createGuest({ ...GUEST, bare: true });
  await node.createGuest({ ...OTHER, bare: true });
  await using exporter = await NodeExporter.start(node);
  await exporter.values("a full page", START_MS, isUp(2));
  const { pid } = exporter.process;
  const used = () =>
    ["fd", "task"].map((kind) => [...Deno.readDirSync(`/proc/${pid}/${kind}`)].length);
  const counts = [used()];
  for (let hang = 0; hang < HANGS; hang++) {
    await node.freezeGuest(OTHER.name);
    const frozenAt = Date.now() / 1000;
    await exporter.values("a complete cycle", WAKE_MS + RECOVERY_MS, (values) =>
      isUp(2)(values) &&
      (values.get("oie_host_last_collection_timestamp_seconds") ?? 0) > frozenAt + 10);
    await node.thawGuest(OTHER.name);
    counts.push(used());
  }
  console.log(`descriptors and threads: ${counts.map((pair) => pair.join("/")).join(" ")}`);
  const [first = [], last = []] = [counts[1], counts.at(-1)];
  // The test's own kept connections come and go.
  last.forEach((count, i) => assert.ok(count <= (first[i] ?? 0) + 2, `${first} ${last}`));
});

Deno.test("binary ends cleanly at a hundred points of a cycle", async () => {
  await terminateAtAnyPoint(100, 4);
});

/** 99th percentile of scrapes, one after the other, for so long; in milliseconds. */
async function scrapeP99(exporter: NodeExporter, forMs: number): Promise<number> {
  const tookMs: number[] = [];
  for (const end = performance.now() + forMs; performance.now() < end;) {
    const askedMs = performance.now();
    await exporter.page();
    tookMs.push(performance.now() - askedMs);
    await new Promise((resolve) => setTimeout(resolve, SCRAPE_EVERY_MS));
  }
  return tookMs.sort((a, b) => a - b)[Math.floor(tookMs.length * 0.99)] ?? Infinity;
}
