import assert from "node:assert/strict";
import { parseIpAddress } from "../lib/address/ip_address.ts";
import type { BuildInfo } from "../lib/build_info.ts";
import type { Collector } from "../lib/collectors/collector.ts";
import { isCollectorOn } from "../lib/config/collector_flags.ts";
import { HOST_RESOURCES } from "../lib/collectors/host_resources.ts";
import { COLLECTORS } from "../lib/collectors/collectors.ts";
import type { CycleReadings, DomainsReading, InstanceReading } from "../lib/collectors/cycle.ts";
import type { ConntrackTableReading } from "../lib/collectors/cycle.ts";
import { Exporter, type Page } from "../lib/exporter.ts";
import { INSTANCE_INFO } from "../lib/metrics/instance_families.ts";
import { labelText } from "../lib/metrics/labels.ts";
import { sample } from "../lib/metrics/sample.ts";
import type { HostReading } from "../lib/reading/host_files.ts";
import { goldenCycles } from "./fixtures/golden_cycles.ts";
import { configOf, describe, reading, UUID } from "./collectors/readings.ts";

const BUILD: BuildInfo = { version: "1.2.3", revision: "abc1234", deno: "2.6.8", arch: "x86_64" };
const OPEN_METRICS_GOLDEN = new URL("./fixtures/openmetrics.golden.txt", import.meta.url);
const GOLDEN = new URL("./fixtures/page.golden.txt", import.meta.url);

/** Collectors of the host, by the beginning of the names that are theirs alone. */
const HOST_SWITCHES = [
  ["libvirt_info", "oie_libvirt_info"],
  ["host", "oie_host_cpu"],
  ["host_conntrack", "oie_host_conntrack_drop"],
  ["host_numa", "oie_host_numa"],
] as const;

/** An exporter whose clocks stand still until they are told to move. */
function exporterAt(
  options: { readonly collectors?: readonly Collector[]; readonly flags?: readonly string[] } = {},
) {
  const clock = { nowMs: 0, now: () => clock.nowMs, wall: () => 1_767_225_600_000 + clock.nowMs };
  const exporter = new Exporter(configOf(...options.flags ?? []), {
    build: BUILD,
    clock,
    collectors: options.collectors ?? COLLECTORS,
    ownResources: () => ({
      heapUsed: 7_000_000,
      process: {
        cpuSeconds: 1.25,
        residentMemory: 90_000_000,
        virtualMemory: 900_000_000,
        openFds: 20,
        maxFds: 1024,
        startTime: 1_767_225_599.5,
      },
    }),
  });
  return { exporter, clock };
}

const NO_CONNTRACK: ConntrackTableReading = {
  summary: undefined,
  durationMs: 3,
  interruptedTotal: 0,
  enobufsTotal: 0,
  kernelEntries: undefined,
  kernelMax: undefined,
};

function readings(domains: DomainsReading, startedAtMs = 0): CycleReadings {
  return { startedAtMs, lagMs: 0, skippedTotal: 0, domains, conntrack: NO_CONNTRACK };
}

function listing(...instances: readonly InstanceReading[]) {
  return {
    ok: true as const,
    listDurationMs: 5,
    statsAtMs: 0,
    listed: new Set(instances.map(({ stats }) => stats.uuid)),
    instances,
    domainErrors: 0,
  };
}

const DOWN: DomainsReading = { ok: false, listDurationMs: 1 };

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Values of one family on a page, by label text. */
function values(page: Page, name: string): Record<string, string> {
  const lines = text(page.text.body).split("\n").filter((line) =>
    line.startsWith(`${name}{`) || line.startsWith(`${name} `)
  );
  return Object.fromEntries(lines.map((line) => {
    const [, labels, value] = /^\w+(\{.*\})? (\S+)$/.exec(line) ?? [];
    return [labels ?? "", value ?? ""];
  }));
}

Deno.test("Exporter renders a fixed snapshot to the golden page", async () => {
  const { exporter, clock } = exporterAt({
    flags: [
      "-outbound.behavior.enable",
      "-inbound.behavior.enable",
      "-collector.flow_kinds",
      "-collector.flow_bytes",
      "-collector.job",
      "-conntrack.min=2",
      "-read.thresholds=default:500,local:200,ultra:2500",
      "-write.thresholds=local:150.5",
    ],
  });
  let page = exporter.firstPage();
  for (const cycle of goldenCycles()) {
    clock.nowMs = cycle.startedAtMs + 250;
    page = exporter.update(cycle);
  }
  if (Deno.args.includes("--update-golden")) await Deno.writeFile(GOLDEN, page.text.body);
  assert.equal(text(page.text.body), await Deno.readTextFile(GOLDEN));
});

Deno.test("Exporter's page in OpenMetrics by names of the conventions is the committed golden page", async () => {
  const { exporter, clock } = exporterAt({
    flags: ["-outbound.behavior.enable", "-conntrack.min=2", "-metrics.names=prometheus"],
  });
  assert.equal(exporter.firstPage().openMetrics, undefined);
  exporter.wantOpenMetrics(3_600_000);
  // The domains start after this cycle, and their counters with them.
  let page = exporter.update(readings(listing()));
  for (const cycle of goldenCycles()) {
    clock.nowMs = cycle.startedAtMs + 250;
    page = exporter.update(cycle);
  }
  const body = page.openMetrics?.body ?? new Uint8Array();
  if (Deno.args.includes("--update-golden")) await Deno.writeFile(OPEN_METRICS_GOLDEN, body);
  assert.equal(text(body), await Deno.readTextFile(OPEN_METRICS_GOLDEN));
  clock.nowMs += 3_600_000;
  assert.equal(exporter.firstPage().openMetrics, undefined);
});

Deno.test("Exporter tells where each collector's lines stand", () => {
  const { exporter } = exporterAt();
  exporter.update(readings(listing(reading({})), 0));
  const { body, segments } = exporter.update(readings(listing(reading({})), 10_000)).text;
  assert.deepEqual(
    segments.map(({ collector }) => collector),
    [
      ...COLLECTORS.filter(({ name, start }) =>
        isCollectorOn(configOf(), name) && start(configOf())
      ),
      ...HOST_RESOURCES,
    ].map(({ name }) => name),
  );
  const { start, end } = segments[0] ?? { start: 0, end: 0 };
  const lines = text(body.subarray(start, end)).trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => /oie_instance_info/.test(line)), [true, true, true]);
  for (const { name, families } of HOST_RESOURCES) {
    const { start, end } = segments.find(({ collector }) => collector === name) ?? assert.fail();
    const named = text(body.subarray(start, end)).matchAll(/^# TYPE (\S+)/gm);
    assert.deepEqual([...named].map(([, family]) => family), families.map(({ name }) => name));
  }
  const firstOfHost = segments.findIndex(({ collector }) => collector === HOST_RESOURCES[0]?.name);
  const between = body.subarray(segments[firstOfHost - 1]?.end, segments[firstOfHost]?.start);
  assert.match(text(between), /^# HELP oie_build_info/);
});

Deno.test("Exporter's first page has every health family and no instance, and invents nothing", () => {
  const { exporter } = exporterAt();
  const first = exporter.firstPage();
  assert.deepEqual(values(first, "oie_libvirt_up"), { "": "0" });
  assert.deepEqual(values(first, "oie_host_collection_errors_total"), { "": "0" });
  assert.deepEqual(values(first, "oie_host_active_vms"), {});
  assert.match(text(first.text.body), /^# TYPE oie_host_active_vms gauge$/m);
  assert.doesNotMatch(text(first.text.body), /oie_instance_info/);
});

Deno.test("Exporter keeps last-good slices while libvirt is down, until they expire", () => {
  const { exporter, clock } = exporterAt();
  exporter.update(readings(listing(reading({}))));
  const up = exporter.update(readings(DOWN, 10_000));
  assert.equal(Object.keys(values(up, "oie_instance_info")).length, 1);
  assert.deepEqual(values(up, "oie_libvirt_up"), { "": "0" });
  assert.deepEqual(values(up, "oie_host_active_vms"), { "": "1" });
  assert.deepEqual(values(up, "oie_host_collection_errors_total"), { "": "1" });
  clock.nowMs = 19_999;
  assert.equal(exporter.update(readings(DOWN)).instances, 1);
  clock.nowMs = 20_000;
  const expired = exporter.update(readings(DOWN));
  assert.equal(expired.instances, 0);
  assert.deepEqual(values(expired, "oie_dynamic_cache_entries"), { "": "0" });
  assert.equal(expired.lastCollectionMs, 1_767_225_600_000);
});

Deno.test("Exporter drops an instance at the next good listing without it", () => {
  const { exporter } = exporterAt();
  exporter.update(readings(listing(reading({}))));
  const page = exporter.update(readings(listing()));
  assert.deepEqual(values(page, "oie_instance_info"), {});
  assert.deepEqual(values(page, "oie_host_active_vms"), { "": "0" });
  assert.deepEqual(values(page, "oie_cache_evictions_total"), { "": "1" });
});

Deno.test("Exporter keeps a domain that is listed but could not be read, until it expires", () => {
  const { exporter, clock } = exporterAt();
  exporter.update(readings(listing(reading({}))));
  const broken: DomainsReading = {
    ok: true,
    listDurationMs: 5,
    statsAtMs: 0,
    listed: new Set([UUID]),
    instances: [],
    domainErrors: 1,
  };
  const page = exporter.update(readings(broken));
  assert.equal(page.instances, 1);
  assert.deepEqual(values(page, "oie_host_domain_errors_total"), { "": "1" });
  clock.nowMs = 20_000;
  assert.equal(exporter.update(readings(broken)).instances, 0);
});

Deno.test("Exporter counts a collector that fails and loses only what it would have said", () => {
  const other = "22222222-2222-4222-8222-222222222222";
  const flaky: Collector = {
    name: "flaky",
    families: [INSTANCE_INFO],
    start: () => ({ stats }) => {
      if (stats.uuid === UUID) throw new RangeError("out of luck");
      const empty = Object.fromEntries(INSTANCE_INFO.labels.map((name) => [name, ""]));
      const labels = empty as Record<(typeof INSTANCE_INFO.labels)[number], string>;
      return [sample(INSTANCE_INFO, labelText(INSTANCE_INFO.labels, labels), 1)];
    },
  };
  const { exporter } = exporterAt({ collectors: [flaky] });
  const both = listing(reading({}), reading({ stats: { uuid: other } }));
  const page = exporter.update(readings(both));
  assert.equal(page.series, 1);
  assert.deepEqual(values(page, "oie_collector_success"), { '{collector="flaky"}': "0" });
  assert.deepEqual(values(page, "oie_host_collection_errors_total"), { "": "1" });
  assert.deepEqual([...page.collectors[0]?.failures.keys() ?? []], [UUID]);
});

Deno.test("Exporter calls no collector a success that had nothing to read in the newest cycle", () => {
  const { exporter } = exporterAt();
  const collectors = (page: Page) =>
    Object.entries(values(page, "oie_collector_success")).map(([labels, value]) =>
      `${/"(.*)"/.exec(labels)?.[1]} ${value}`
    );
  assert.deepEqual(collectors(exporter.update(readings(listing(reading({}))))), [
    "instance 1",
    "state 1",
    "cpu 1",
    "cpu_time 1",
    "steal 1",
    "memory 1",
    "disk 1",
    "disk_io 1",
    "disk_time 1",
    "disk_size 1",
    "network 1",
    "network_info 1",
    "conntrack 0",
  ]);
  const down = collectors(exporter.update(readings(DOWN)));
  assert.deepEqual(down.filter((line) => !line.endsWith(" 0")), []);
  assert.equal(down.length, 13);
});

Deno.test("Exporter's stalled page is what is known of the cycles, with libvirt down", () => {
  const { exporter } = exporterAt();
  const cpu = { cpus: 2, secondsByMode: new Map([["idle", 5]]) };
  const page = exporter.update({ ...readings(listing(reading({}))), host: { cpu } });
  const stalled = text(page.text.stalledBody);
  assert.match(stalled, /^oie_libvirt_up 0$/m);
  assert.match(stalled, /^oie_host_active_vms 1$/m);
  assert.doesNotMatch(stalled, /instance_uuid/);
  assert.match(text(page.text.body), /^oie_host_vcpu_overcommit_ratio /m);
  assert.doesNotMatch(stalled, /oie_libvirt_info|oie_host_cpu|overcommit/, "readings of a moment");
});

for (const [name, family] of HOST_SWITCHES) {
  Deno.test(`-collector.${name}=false leaves out what that collector reads of the host`, () => {
    const host: HostReading = {
      cpu: { cpus: 2, secondsByMode: new Map([["idle", 5]]) },
      conntrackDrops: { drop: 1, earlyDrop: 2, insertFailed: 3 },
      numaNodes: [{ node: "0", totalBytes: 2, freeBytes: 1 }],
    };
    const versions = { libvirt: "9.0.0", hypervisor: "7.2.0" };
    const pageWith = (value: boolean) => {
      const { exporter } = exporterAt({ flags: [`-collector.${name}=${value}`] });
      const domains: DomainsReading = { ...listing(), versions };
      const { body } = exporter.update({ ...readings(domains), host }).text;
      return text(body).split("\n").filter((line) => line.startsWith(family));
    };
    assert.notEqual(pageWith(true).length, 0);
    assert.deepEqual(pageWith(false), []);
  });
}

Deno.test("Exporter's page takes hostile tenants' names as one sample each", () => {
  const { exporter } = exporterAt();
  const description = describe({
    projectName: 'x"} 1\noie_libvirt_up 7\n# TYPE',
    userName: "\\",
    flavor: "\u{1F4A9}".repeat(500),
  });
  const page = exporter.update(readings(listing(reading({ description }))));
  assert.deepEqual(
    text(page.text.body).split("\n").filter((line) => line.includes(UUID)).map((line) =>
      /^\w+/.exec(line)?.[0]
    ),
    ["oie_instance_info", "oie_cpu_vcpus"],
  );
  assert.deepEqual(values(page, "oie_libvirt_up"), { "": "1" });
});

Deno.test("Exporter cleans its caches before its first page, then once a minute, and says how long it took", () => {
  const { exporter, clock } = exporterAt();
  const duration = "oie_cache_cleanup_duration_seconds";
  assert.deepEqual(values(exporter.firstPage(), duration), { "": "0" });
  exporter.update(readings(listing(reading({}))));
  clock.nowMs = 59_999;
  const before = exporter.update(readings(DOWN));
  assert.deepEqual(values(before, "oie_cache_evictions_total"), { "": "0" });
  clock.nowMs = 60_000;
  const after = exporter.update(readings(DOWN));
  assert.deepEqual(values(after, "oie_cache_evictions_total"), { "": "1" });
});

Deno.test("Exporter gives conntrack numbers as long as the data lives, and counts failed dumps", () => {
  const { exporter, clock } = exporterAt();
  const good: CycleReadings = {
    ...readings(listing()),
    conntrack: {
      ...NO_CONNTRACK,
      summary: { entries: 9, ambiguousFixedIps: 2, byInstance: new Map() },
      kernelEntries: 10,
      kernelMax: 99,
    },
  };
  const page = exporter.update(good);
  assert.deepEqual(values(page, "oie_host_conntrack_entries_total"), { "": "9" });
  assert.deepEqual(values(page, "oie_host_ambiguous_fixed_ips"), { "": "2" });
  assert.deepEqual(values(page, "oie_host_conntrack_max"), { "": "99" });
  assert.deepEqual(values(page, "oie_conntrack_up"), { "": "1" });
  clock.nowMs = 19_999;
  const failed = exporter.update(readings(listing()));
  assert.deepEqual(values(failed, "oie_conntrack_up"), { "": "0" });
  assert.deepEqual(values(failed, "oie_conntrack_read_errors_total"), { "": "1" });
  assert.deepEqual(values(failed, "oie_host_conntrack_read_errors_total"), { "": "1" });
  assert.deepEqual(values(failed, "oie_host_conntrack_entries_total"), { "": "9" });
  clock.nowMs = 20_000;
  const expired = exporter.update(readings(listing()));
  assert.deepEqual(values(expired, "oie_host_conntrack_entries_total"), {});
});

Deno.test("Exporter has the families of refreshing for lists that are on, with what is known", () => {
  const { exporter } = exporterAt({ flags: ["-spamhaus.enable"] });
  const first = text(exporter.firstPage().text.body);
  assert.match(first, /^# TYPE oie_spamhaus_refresh_errors_total counter$/m);
  assert.doesNotMatch(first, /tor_exit|customlist|oie_host_threat_listed|^oie_spamhaus/m);
  exporter.takeTelemetry([{ list: "spamhaus", durationMs: 250, errorsTotal: 1, entries: 0 }]);
  exporter.update(readings(listing()));
  exporter.takeTelemetry([
    { list: "spamhaus", lastSuccessMs: 5_000, durationMs: 500, errorsTotal: 1, entries: 42 },
  ]);
  const page = exporter.update(readings(DOWN));
  assert.deepEqual(
    text(page.text.stalledBody).split("\n").filter((line) => line.startsWith("oie_spamhaus")),
    [
      "oie_spamhaus_refresh_last_success_timestamp_seconds 5",
      "oie_spamhaus_refresh_duration_seconds 0.5",
      "oie_spamhaus_refresh_errors_total 1",
      "oie_spamhaus_entries 42",
    ],
  );
});

Deno.test("Exporter keeps listed addresses of the host for the static lifetime", () => {
  const { exporter, clock } = exporterAt({
    flags: ["-host.threats.enable", "-static.cache.expiration=60s"],
  });
  const address = parseIpAddress("198.51.100.7");
  assert.ok(address);
  const listed = { '{list="spamhaus",ip="198.51.100.7",family="ipv4"}': "1" };
  const at = (nowMs: number, lists?: number) => {
    clock.nowMs = nowMs;
    const hostThreats = lists === undefined ? undefined : [{ address, lists }];
    const page = exporter.update({ ...readings(DOWN), hostThreats });
    return values(page, "oie_host_threat_listed");
  };
  assert.match(text(exporter.firstPage().text.body), /^# TYPE oie_host_threat_listed gauge$/m);
  assert.deepEqual(at(0, 0b100), listed);
  assert.deepEqual(at(59_999), listed, "it could not be read");
  assert.deepEqual(at(60_000), {});
  assert.deepEqual(at(70_000, 0b100), listed);
  assert.deepEqual(at(80_000, 0), {}, "it is on no list");
});

Deno.test("Exporter drops listed addresses of the host when the next cycle finds no address", () => {
  const { exporter } = exporterAt({ flags: ["-host.threats.enable"] });
  const address = parseIpAddress("198.51.100.7");
  assert.ok(address);
  const at = (hostThreats: CycleReadings["hostThreats"]) =>
    values(exporter.update({ ...readings(DOWN), hostThreats }), "oie_host_threat_listed");
  assert.equal(Object.keys(at([{ address, lists: 0b100 }])).length, 1);
  assert.deepEqual(at([]), {});
});

Deno.test("Exporter drops instances that the filter leaves out, and counts them for the host", () => {
  const { exporter } = exporterAt();
  const domains = listing(reading({}));
  assert.ok(domains.ok);
  const all = exporter.update(readings(domains));
  const left = { ...domains, listed: new Set<string>(), instances: [] };
  const page = exporter.update(readings({ ...left, unselected: domains.instances }));
  assert.equal(all.instances, 1);
  assert.equal(page.instances, 0);
  for (const name of ["oie_host_active_vms", "oie_host_active_vcpus"]) {
    assert.deepEqual(values(page, name), values(all, name));
  }
  assert.deepEqual(values(page, "oie_host_active_vms"), { "": "1" });
  assert.ok(!text(page.text.body).includes(UUID));
});
