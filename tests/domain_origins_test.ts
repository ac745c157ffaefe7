import assert from "node:assert/strict";
import { DomainOrigins } from "../lib/domain_origins.ts";
import type { DomainsReading, InstanceReading } from "../lib/collectors/cycle.ts";
import { reading } from "./collectors/readings.ts";

function listing(listed: readonly string[], runs: Readonly<Record<string, object>>) {
  const instances = Object.entries(runs).map(([uuid, run]): InstanceReading => {
    const instance = reading({ run });
    return { ...instance, stats: { ...instance.stats, uuid } };
  });
  return {
    ok: true,
    listDurationMs: 1,
    statsAtMs: 0,
    listed: new Set(listed),
    instances,
    domainErrors: 0,
  } satisfies DomainsReading;
}

Deno.test("DomainOrigins knows nothing of domains that ran before the exporter", () => {
  const origins = new DomainOrigins();
  const a = {};
  origins.take(listing(["a"], { a }), 1_000);
  origins.take(listing(["a"], { a }), 2_000);
  assert.equal(origins.of("a"), undefined);
});

Deno.test("DomainOrigins dates a domain that came, and a run that is new, by the listing before", () => {
  const origins = new DomainOrigins();
  origins.take(listing(["a"], { a: {} }), 1_000);
  const [a, b] = [{}, {}];
  origins.take(listing(["a", "b"], { a, b }), 2_000);
  assert.deepEqual([origins.of("a"), origins.of("b")], [1_000, 1_000]);
  origins.take(listing(["a", "b"], { a, b }), 3_000);
  assert.deepEqual([origins.of("a"), origins.of("b")], [1_000, 1_000]);
});

Deno.test("DomainOrigins dates no domain that was listed but could not be read", () => {
  const origins = new DomainOrigins();
  origins.take(listing(["a", "b"], { b: {} }), 1_000);
  const a = {};
  const b = {};
  origins.take(listing(["a", "b"], { a, b }), 2_000);
  assert.deepEqual([origins.of("a"), origins.of("b")], [undefined, 1_000]);
  origins.take(listing(["a", "b"], {}), 3_000);
  origins.take(listing(["a", "b"], { a, b }), 4_000);
  assert.deepEqual([origins.of("a"), origins.of("b")], [undefined, 1_000]);
});

Deno.test("DomainOrigins forgets a domain that is gone", () => {
  const origins = new DomainOrigins();
  origins.take(listing([], {}), 1_000);
  const a = {};
  origins.take(listing(["a"], { a }), 2_000);
  origins.take(listing([], {}), 3_000);
  assert.equal(origins.of("a"), undefined);
  origins.take(listing(["a"], { a }), 4_000);
  assert.equal(origins.of("a"), 3_000);
});
