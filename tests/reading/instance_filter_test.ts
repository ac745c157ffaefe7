import assert from "node:assert/strict";
import type { DomainsReading, InstanceReading } from "../../lib/collectors/cycle.ts";
import { fixedIpOwners } from "../../lib/reading/fixed_ip_owners.ts";
import { instanceFilter } from "../../lib/reading/instance_filter.ts";
import { describe, fixedIps, reading } from "../collectors/readings.ts";

function instance(projectName: string, name = "instance-1", projectUuid = "p-1"): InstanceReading {
  const made = reading({ description: describe({ projectName, projectUuid }) });
  return { ...made, stats: { ...made.stats, name } };
}

Deno.test("instanceFilter searches project UUID, project name and domain name, each on its own", () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ["lph", true],
    ["^alpha$", true],
    ["^instance-1$", true],
    ["^p-1$", true],
    ["p-1.*alpha", false],
    ["ALPHA", false],
    ["(?i)ALPHA", true],
    ["beta", false],
  ];
  for (const [expression, expected] of cases) {
    assert.equal(instanceFilter(expression)?.(instance("alpha")), expected, expression);
  }
  assert.equal(instanceFilter(""), undefined);
});

Deno.test("instanceFilter tests the first 256 characters, and a description once", () => {
  const filter = instanceFilter("x$");
  assert.equal(filter?.(instance("a".repeat(255) + "xb")), true);
  assert.equal(filter?.(instance("a".repeat(256) + "x")), false);
  const once = instance("x");
  assert.equal(filter?.(once), true);
  assert.equal(filter?.({ ...once, stats: { ...once.stats, name: "y" } }), true);
});

Deno.test("instanceFilter ends on what backtracks exponentially elsewhere", () => {
  const hostile = "a".repeat(100_000);
  for (const expression of ["(a+)+$b", "(a|a)*Q", "(.*)*(.*)*(.*)*x", "(a?){50}a{50}z"]) {
    assert.equal(instanceFilter(expression)?.(instance(hostile)), false, expression);
  }
});

Deno.test("fixedIpOwners keeps unselected owners of shared addresses only", () => {
  const [shared, other] = fixedIps("10.0.0.1", "10.0.0.2");
  assert.ok(shared && other);
  const owner = (uuid: string, fixedIp: typeof shared): InstanceReading => {
    const made = reading({ description: describe({ fixedIps: [fixedIp], fixedIpPorts: [[]] }) });
    return { ...made, stats: { ...made.stats, uuid } };
  };
  const domains: DomainsReading = {
    ok: true,
    listDurationMs: 0,
    statsAtMs: 0,
    listed: new Set(["a"]),
    instances: [owner("a", shared)],
    unselected: [owner("b", shared), owner("c", other)],
    domainErrors: 0,
  };
  assert.deepEqual(fixedIpOwners(domains, []).map(({ uuid }) => uuid), ["a", "b"]);
});
