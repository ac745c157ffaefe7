import assert from "node:assert/strict";
import { COLLECTORS } from "../../lib/collectors/collectors.ts";
import type { InstanceReading } from "../../lib/collectors/cycle.ts";
import { Exporter } from "../../lib/exporter.ts";
import { FORMATS } from "../../lib/metrics/exposition.ts";
import { LINT_EXCEPTIONS } from "../../lib/metrics/families.ts";
import { configOf, describe, reading } from "../collectors/readings.ts";
import { hostileNames, isXmlText, shownName } from "../hostile_names.ts";
import { complaintsOf } from "../integration/promtool.ts";
import { BINARY } from "./exporter_binary.ts";
import { namedNode } from "./named_node.ts";
import { PrometheusServer, type Series } from "./prometheus_server.ts";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const TENANTS = 10_000;
const WITH_DEVICES = 500;
const START_MS = 60_000;

function uuidOf(number: number): string {
  return `${number.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
}

/** An instance in which the tenant's name stands wherever a tenant's text can. */
function instanceOf(name: string, number: number): InstanceReading {
  const hasDevices = number < WITH_DEVICES;
  return reading({
    stats: {
      uuid: uuidOf(number),
      name,
      cpuTimeNs: 1n,
      ...hasDevices && { interfaces: [{ name, rxPackets: 1n }] },
    },
    description: describe({
      projectName: name,
      userName: name,
      flavor: name,
      projectUuid: name,
      userUuid: name,
      rootType: name,
      createdAt: name,
      metadataVersion: name,
      ...hasDevices && { disks: [{ uuid: name, tier: name, device: name }] },
    }),
  });
}

function pageOf(instances: readonly InstanceReading[]): Uint8Array<ArrayBuffer> {
  const exporter = new Exporter(configOf(), {
    build: { version: "1", revision: "2", deno: "3", arch: "4" },
    clock: { now: () => 0, wall: () => 0 },
    collectors: COLLECTORS,
    ownResources: () => ({ heapUsed: 1, process: {} }),
  });
  return exporter.update({
    startedAtMs: 0,
    lagMs: 0,
    skippedTotal: 0,
    domains: {
      ok: true,
      listDurationMs: 1,
      statsAtMs: 0,
      listed: new Set(instances.map(({ stats }) => stats.uuid)),
      instances,
      domainErrors: 0,
    },
    conntrack: {
      ...{ summary: undefined, kernelEntries: undefined, kernelMax: undefined },
      ...{ durationMs: 1, interruptedTotal: 0, enobufsTotal: 0 },
    },
  }).text.body;
}

/** What promtool says that is not about the names of the specification. */
async function complaints(page: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const all = await complaintsOf(page);
  return all.filter((line) => !LINT_EXCEPTIONS.includes(line.split(" ")[0] ?? ""));
}

/** The series of `oie_instance_info` that Prometheus holds, once it has `count` of all kinds. */
async function scraped(port: number, count: number): Promise<readonly Series[]> {
  await using prometheus = await PrometheusServer.startFor(port, "3s");
  const [target] = await prometheus.scraped(1, START_MS);
  assert.deepEqual([target?.health, target?.lastError], ["up", ""]);
  const families = "oie_(instance_info|disk_info|net_rx_pkt_total)";
  return await waitUntil("all series", async () => {
    if (await prometheus.value(`count({__name__=~"${families}"})`) !== count) return undefined;
    return await prometheus.query("oie_instance_info");
  }, { withinMs: START_MS, describe: () => prometheus.process.output });
}

Deno.test("Exporter's page of 10,000 tenants with hostile names is whole for promtool and Prometheus", async () => {
  const names = hostileNames(TENANTS);
  const page = pageOf(names.map(instanceOf));
  assert.deepEqual(await complaints(page), []);
  const headers = { "content-type": FORMATS.text.contentType };
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(page, { headers }),
  );
  const found = await scraped(server.addr.port, TENANTS + 2 * WITH_DEVICES);
  const byUuid = new Map(found.map(({ metric }) => [metric["instance_uuid"], metric]));
  assert.equal(byUuid.size, TENANTS);
  names.forEach((name, number) => {
    const { domain, project_name, user_name, flavor, project_uuid, root_type } =
      byUuid.get(uuidOf(number)) ?? {};
    // Prometheus drops a label whose value is empty.
    const shown = shownName(name) || undefined;
    assert.deepEqual(
      [domain, project_name, user_name, flavor, project_uuid, root_type],
      Array(6).fill(shown),
    );
  });
});

Deno.test("binary's page of tenants whose hostile names come through libvirt's XML is whole", async () => {
  // All of the list that XML can hold, and each of it very long.
  const names = hostileNames(250).filter(isXmlText);
  const folder = await Deno.makeTempDir({ prefix: "oie-names-" });
  try {
    await Deno.writeTextFile(`${folder}/node.xml`, namedNode(names, uuidOf));
    const port = freePort();
    await using exporter = new RealProcess(BINARY, [
      `-web.listen-address=127.0.0.1:${port}`,
      `-libvirt.uri=test://${folder}/node.xml`,
      "-collection.interval=1s",
    ]);
    const url = `http://127.0.0.1:${port}/metrics`;
    await exporter.answer(`http://127.0.0.1:${port}/-/ready`, START_MS);
    const page = await exporter.answer(url, START_MS);
    assert.deepEqual(await complaints(new TextEncoder().encode(page)), []);
    const found = await scraped(port, names.length);
    const byUuid = new Map(found.map(({ metric }) => [metric["instance_uuid"], metric]));
    assert.equal(byUuid.size, names.length);
    names.forEach((name, number) => {
      const { project_name, project_uuid, user_name, user_uuid, flavor } =
        byUuid.get(uuidOf(number)) ?? {};
      const shown = shownName(name) || undefined;
      assert.deepEqual(
        [project_name, project_uuid, user_name, user_uuid, flavor],
        Array(5).fill(shown),
      );
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
