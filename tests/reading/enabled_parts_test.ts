import assert from "node:assert/strict";
import { enabledGroups, enabledHostParts } from "../../lib/reading/enabled_parts.ts";
import { configOf } from "../collectors/readings.ts";

Deno.test("enabledGroups leaves out what no collector needs", () => {
  const groups = (...flags: string[]) => enabledGroups(configOf(...flags)).join(" ");
  assert.equal(groups(), "STATE CPU_TOTAL BALLOON INTERFACE BLOCK");
  assert.equal(
    groups("-collector.network=false", "-collector.memory=false", "-collector.state=false"),
    "STATE CPU_TOTAL BALLOON BLOCK",
  );
  const noDisks = ["-collector.disk_io=false", "-collector.disk_size=false"];
  assert.equal(groups(...noDisks), "STATE CPU_TOTAL BALLOON INTERFACE BLOCK");
  assert.equal(
    groups(...noDisks, "-collector.disk_time=false"),
    "STATE CPU_TOTAL BALLOON INTERFACE",
  );
});

Deno.test("enabledHostParts are those of the collectors that are on", () => {
  const parts = (...flags: string[]) => enabledHostParts(configOf(...flags)).join(" ");
  assert.equal(parts(), "cpu memory conntrackDrops numaNodes kernel");
  assert.equal(
    parts("-collector.host=false", "-collector.host_numa=false"),
    "conntrackDrops kernel",
  );
  assert.equal(
    parts("-collector.host_conntrack=false", "-collector.libvirt_info=false"),
    "cpu memory numaNodes",
  );
});
