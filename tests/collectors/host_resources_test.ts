import assert from "node:assert/strict";
import type { CycleReadings, DomainsReading } from "../../lib/collectors/cycle.ts";
import { HOST_RESOURCES } from "../../lib/collectors/host_resources.ts";
import { sampleLine } from "../metrics/sample_line.ts";
import { goldenCycles } from "../fixtures/golden_cycles.ts";
import { describe, reading } from "./readings.ts";

const [GOLDEN] = goldenCycles();

/** Lines of one host collector without `oie_`, for a golden cycle with changes. */
function lines(name: string, changes: Partial<CycleReadings> = {}): readonly string[] {
  assert.ok(GOLDEN);
  const collector = HOST_RESOURCES.find((known) => known.name === name);
  assert.ok(collector);
  const samples = collector.collect({ ...GOLDEN, ...changes });
  assert.ok(samples.every(({ family }) => collector.families.includes(family)));
  return samples.map((each) => sampleLine(each).trim().replace("oie_", ""));
}

function domains(
  ...instances: ReturnType<typeof reading>[]
): Extract<DomainsReading, { ok: true }> {
  return {
    ok: true,
    listDurationMs: 1,
    statsAtMs: 0,
    listed: new Set(),
    instances,
    domainErrors: 0,
  };
}

const DOWN: DomainsReading = { ok: false, listDurationMs: 1 };

Deno.test("HOST_RESOURCES have no sample where nothing was read", () => {
  for (const { name } of HOST_RESOURCES) {
    assert.deepEqual(lines(name, { host: undefined, domains: DOWN }), [], name);
  }
});

Deno.test("host relates vCPUs and the most memory of all domains to what the host has", () => {
  const cpu = { cpus: 4, secondsByMode: new Map([["idle", 1.5]]) };
  const memory = { totalBytes: 8192 };
  const instances = [
    reading({ stats: { vcpus: 3, memoryMaximumKib: 10n, memoryCurrentKib: 1n } }),
    reading({ description: describe({ vcpus: 7, memoryKib: 6 }) }),
    reading({ description: describe({ vcpus: undefined, memoryKib: undefined }) }),
  ];
  const known = [
    'host_cpu_seconds_total{mode="idle"} 1.5',
    "host_cpus 4",
    "host_memory_total_bytes 8192",
  ];
  const host = { cpu, memory };
  assert.deepEqual(lines("host", { host, domains: domains(...instances) }), [
    ...known,
    "host_vcpu_overcommit_ratio 2.5",
    "host_memory_overcommit_ratio 2",
  ]);
  assert.deepEqual(lines("host", { host, domains: DOWN }), known);
  assert.deepEqual(lines("host", { host: { memory }, domains: domains() }), [
    "host_memory_total_bytes 8192",
    "host_memory_overcommit_ratio 0",
  ]);
});

Deno.test("libvirt_info tells the versions that are known", () => {
  const versions = { libvirt: "10.0.0", hypervisor: undefined };
  assert.deepEqual(lines("libvirt_info", { domains: { ...domains(), versions }, host: {} }), [
    'libvirt_info{libvirt="10.0.0",qemu="",kernel=""} 1',
  ]);
});
