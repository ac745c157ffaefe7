import assert from "node:assert/strict";
import { CPU_STEAL } from "../../lib/collectors/cpu_delay.ts";
import { CPU_SECONDS } from "../../lib/collectors/cpu_time.ts";
import { DISK_LATENCY, DISK_SIZES } from "../../lib/collectors/disk_io.ts";
import { INSTANCE_JOB } from "../../lib/collectors/job.ts";
import { INSTANCE_MEMORY } from "../../lib/collectors/memory.ts";
import { INSTANCE_STATE } from "../../lib/collectors/state.ts";
import { dataLifetimeMs } from "../../lib/config/data_lifetime.ts";
import { configOf, cycle, describe, reading, started, UUID } from "./readings.ts";

const OWNER =
  `domain="instance-0000000a",instance_uuid="${UUID}",user_uuid="u-1",project_uuid="p-1"`;
const LIFETIME_MS = dataLifetimeMs(configOf());
const DISK = describe({ disks: [{ uuid: "d-1", tier: "ultra", device: "vda" }] });
const VDA = `{${OWNER},disk_uuid="d-1",disk_type="ultra",disk_path="vda"}`;

/** State lines as `code state reason`. */
function stateOf(state: number, stateReason?: number): string {
  const stats = { state, ...stateReason !== undefined && { stateReason } };
  const lines = started(INSTANCE_STATE)(reading({ stats }), cycle()) ?? [];
  const [, name, reason] = /state="(.*)",reason="(.*)"/.exec(lines[1] ?? "") ?? [];
  return [lines[0]?.split(" ").at(-1)?.trim(), name, reason].join(" ");
}

Deno.test("INSTANCE_STATE names states and reasons, and leaves numbers it does not know", () => {
  assert.deepEqual(
    [stateOf(1, 1), stateOf(3, 5), stateOf(3), stateOf(3, 99), stateOf(42, 1)],
    ["1 running booted", "3 paused ioerror", "3 paused ", "3 paused 99", "42 42 1"],
  );
  assert.equal(started(INSTANCE_STATE)(reading({}), cycle()), undefined);
});

Deno.test("INSTANCE_STATE follows the state within one run", () => {
  const collect = started(INSTANCE_STATE);
  const description = describe();
  const at = (state: number, stateReason: number) =>
    collect(reading({ description, stats: { state, stateReason } }), cycle());
  const lines = (code: number, names: string) => [
    `oie_instance_state{${OWNER}} ${code}\n`,
    `oie_instance_state_info{${OWNER},${names}} 1\n`,
  ];
  assert.deepEqual(at(1, 1), lines(1, `state="running",reason="booted"`));
  assert.deepEqual(at(3, 1), lines(3, `state="paused",reason="user"`));
  assert.deepEqual(at(3, 5), lines(3, `state="paused",reason="ioerror"`));
});

Deno.test("CPU_SECONDS, CPU_STEAL and INSTANCE_MEMORY export what is known, in base units", () => {
  const description = describe({ vcpus: undefined });
  const stats = { cpuTimeNs: 1_500_000_001n, memoryRssKib: 3n, memoryUpdatedAtS: 0n };
  const instance = reading({ description, stats, delay: { stealNs: 2_000_000_000n } });
  assert.deepEqual(started(CPU_SECONDS)(instance, cycle()), [
    `oie_cpu_seconds_total{${OWNER}} 1.500000001\n`,
  ]);
  assert.deepEqual(started(CPU_STEAL)(instance, cycle()), [
    `oie_cpu_steal_seconds_total{${OWNER}} 2\n`,
  ]);
  assert.deepEqual(started(INSTANCE_MEMORY)(instance, cycle()), [
    `oie_memory_rss_bytes{${OWNER}} 3072\n`,
  ]);
});

Deno.test("CPU_SECONDS, CPU_STEAL and INSTANCE_MEMORY leave what is cached where nothing is known", () => {
  const instance = reading({ description: describe({ vcpus: undefined }) });
  for (const collector of [CPU_SECONDS, CPU_STEAL, INSTANCE_MEMORY]) {
    assert.equal(started(collector)(instance, cycle()), undefined, collector.name);
  }
});

Deno.test("INSTANCE_MEMORY leaves what is cached of a busy guest while it lives, then tells the limits alone", () => {
  const collect = started(INSTANCE_MEMORY);
  const description = describe();
  const at = (run: object, memoryRssKib?: bigint, statsAtMs = 0) => {
    const rss = memoryRssKib === undefined ? {} : { memoryRssKib };
    const stats = { memoryMaximumKib: 4n, memoryCurrentKib: 2n, ...rss };
    return collect(reading({ run, description, stats }), { ...cycle(), statsAtMs });
  };
  const limits = [
    `oie_memory_maximum_bytes{${OWNER}} 4096\n`,
    `oie_memory_current_bytes{${OWNER}} 2048\n`,
  ];
  const [first, second] = [{}, {}];
  assert.deepEqual(at(first), limits, "a driver or a first cycle that knows no more");
  assert.deepEqual(at(first, 3n), [...limits, `oie_memory_rss_bytes{${OWNER}} 3072\n`]);
  assert.equal(at(first, undefined, LIFETIME_MS - 1), undefined);
  assert.deepEqual(at(first, undefined, LIFETIME_MS), limits);
  assert.deepEqual(at(second), limits);
});

Deno.test("DISK_LATENCY begins with the disk's first request, as DISK_IO does", () => {
  const collect = started(DISK_LATENCY);
  const run = {};
  const at = (readRequests: bigint) => {
    const disks = [{ name: "vda", readRequests, readNs: 3_000_000_000n, flushRequests: 0n }];
    return collect(reading({ run, description: DISK, stats: { disks } }), cycle());
  };
  assert.deepEqual(at(0n), []);
  const lines = [
    `oie_disk_read_seconds_total${VDA} 3\n`,
    `oie_disk_flush_requests_total${VDA} 0\n`,
  ];
  assert.deepEqual(at(1n), lines);
  assert.deepEqual(at(0n), lines);
});

Deno.test("DISK_SIZES tells an idle disk's size, and keeps what is cached of a guest that is stuck", () => {
  const collect = started(DISK_SIZES);
  const at = (...disks: { readonly name: string; readonly capacityBytes?: bigint }[]) =>
    collect(reading({ description: DISK, stats: { disks } }), cycle());
  assert.deepEqual(at({ name: "vda", capacityBytes: 2n ** 63n }), [
    `oie_disk_capacity_bytes${VDA} 9223372036854775808\n`,
  ]);
  assert.equal(at({ name: "vda" }), undefined);
});

Deno.test("INSTANCE_JOB is there only while a job runs, with what it says", () => {
  const collect = started(INSTANCE_JOB, "-collector.job");
  const lines = (job: Parameters<typeof reading>[0]["job"]) => collect(reading({ job }), cycle());
  assert.deepEqual(lines(undefined), []);
  assert.deepEqual(lines({ operation: 8, elapsedMs: 250, dirtyPagesPerSecond: 3 }), [
    `oie_instance_job_info{${OWNER},operation="dump"} 1\n`,
    `oie_instance_job_elapsed_seconds{${OWNER}} 0.25\n`,
  ]);
  assert.deepEqual(lines({ operation: 77 }), [
    `oie_instance_job_info{${OWNER},operation="77"} 1\n`,
  ]);
});
