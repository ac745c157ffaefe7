import assert from "node:assert/strict";
import { INSTANCE } from "../../lib/collectors/instance.ts";
import { cycle, describe, reading, started, UUID } from "./readings.ts";

const OWNER = `domain="instance-0000000a",instance_uuid="${UUID}",project_uuid="p-1",` +
  `project_name="alpha",user_uuid="u-1",user_name="ann"`;
const TAIL = `root_type="image",created_at="2026-01-02 03:04:05",metadata_version="27.1.0"`;

Deno.test("INSTANCE says who an instance is, with vCPUs and memory of the description", () => {
  assert.deepEqual(started(INSTANCE)(reading({}), cycle()), [
    `oie_instance_info{${OWNER},flavor="m1.small",vcpus="2",mem_mb="2048",${TAIL}} 1\n`,
  ]);
});

Deno.test("INSTANCE prefers what the statistics say now, also when only that changes", () => {
  const collect = started(INSTANCE);
  const description = describe();
  const at = (vcpus: number, memoryCurrentKib: bigint) =>
    collect(reading({ description, stats: { vcpus, memoryCurrentKib } }), cycle());
  const line = (vcpus: string, mib: string) => [
    `oie_instance_info{${OWNER},flavor="m1.small",vcpus="${vcpus}",mem_mb="${mib}",${TAIL}} 1\n`,
  ];
  assert.deepEqual(at(4, 1_048_576n), line("4", "1024"));
  assert.deepEqual(at(4, 1_048_576n), line("4", "1024"));
  assert.deepEqual(at(4, 524_288n), line("4", "512"));
  assert.deepEqual(at(8, 524_288n), line("8", "512"));
});

Deno.test("INSTANCE of a domain without metadata has empty labels", () => {
  const description = describe({
    metadataVersion: "",
    flavor: "",
    projectUuid: "",
    projectName: "",
    userUuid: "",
    userName: "",
    rootType: "",
    createdAt: "",
    vcpus: undefined,
    memoryKib: undefined,
  });
  assert.deepEqual(started(INSTANCE)(reading({ description }), cycle()), [
    `oie_instance_info{domain="instance-0000000a",instance_uuid="${UUID}",project_uuid="",` +
    `project_name="",user_uuid="",user_name="",flavor="",vcpus="",mem_mb="",root_type="",` +
    `created_at="",metadata_version=""} 1\n`,
  ]);
});
