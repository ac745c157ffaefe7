import assert from "node:assert/strict";
import type { Collector } from "../../lib/collectors/collector.ts";
import { COLLECTORS } from "../../lib/collectors/collectors.ts";
import { HOST_RESOURCES } from "../../lib/collectors/host_resources.ts";
import { CollectorRunner } from "../../lib/collectors/runner.ts";
import { COLLECTOR_ROWS } from "../../lib/config/collector_flags.ts";
import { DynamicCache } from "../../lib/metrics/dynamic_cache.ts";
import { configOf, cycle } from "./readings.ts";

/** Names of the collectors that run under some flags. */
function running(collectors: readonly Collector[], ...flags: string[]): string[] {
  const runner = new CollectorRunner(collectors, configOf(...flags), {
    cache: new DynamicCache(1000),
    now: () => 0,
  });
  return runner.run([], cycle()).map(({ name }) => name);
}

Deno.test("CollectorRunner starts what is on, and nothing that a flag switches off", () => {
  const started: string[] = [];
  const collectors = ["instance", ...COLLECTOR_ROWS.map(({ name }) => name)].map((
    name,
  ): Collector => ({
    name,
    families: [],
    start() {
      started.push(name);
      return () => [];
    },
  }));
  const on = COLLECTOR_ROWS.filter((row) => row.default === "true").map(({ name }) => name);
  assert.deepEqual(running(collectors), ["instance", ...on]);
  started.length = 0;
  const off = COLLECTOR_ROWS.map(({ name }) => `-collector.${name}=false`);
  assert.deepEqual(running(collectors, ...off), ["instance"]);
  assert.deepEqual(started, ["instance"], "others were not even started");
});

Deno.test("COLLECTOR_ROWS name collectors that there are, each once", () => {
  const known = new Set([...COLLECTORS, ...HOST_RESOURCES].map(({ name }) => name));
  const names = COLLECTOR_ROWS.map(({ name }) => name);
  assert.deepEqual(names.filter((name) => !known.has(name)), []);
  assert.equal(new Set(names).size, names.length);
});
