import assert from "node:assert/strict";
import { DynamicCache } from "../../lib/metrics/dynamic_cache.ts";
import { sampleLine } from "./sample_line.ts";
import { type Family, family } from "../../lib/metrics/family.ts";
import { labelText } from "../../lib/metrics/labels.ts";
import { sample } from "../../lib/metrics/sample.ts";

function gauge(name: string) {
  return family({ name, type: "gauge", help: name, labels: ["id"], exported: "always" });
}

const A = gauge("a");
const B = gauge("b");

function at(of: typeof A, id: string, value: number) {
  return sample(of, labelText(of.labels, { id }), value);
}

function cacheOf(...families: Family[]): DynamicCache {
  const cache = new DynamicCache(100);
  cache.addCollector("one", families);
  return cache;
}

function texts(cache: DynamicCache, nowMs: number) {
  const { collectors, series, instances } = cache.read(nowMs);
  const texts = [...collectors.values()].flatMap((families) => [...families]).map((
    [family, groups],
  ) => [
    family.name,
    groups.flatMap(({ samples }) => samples).map(sampleLine).join(""),
  ]);
  return { texts, series, instances };
}

Deno.test("DynamicCache groups the series of all instances by family", () => {
  const cache = cacheOf(A, B);
  cache.write("one", "u1", [at(B, "1", 1), at(A, "1", 2)], 0);
  cache.write("one", "u2", [at(A, "2", 3)], 0);
  assert.deepEqual(texts(cache, 0), {
    texts: [["a", 'a{id="1"} 2\na{id="2"} 3\n'], ["b", 'b{id="1"} 1\n']],
    series: 3,
    instances: 2,
  });
});

Deno.test("DynamicCache keeps the first of samples with the same name and labels", () => {
  const cache = cacheOf(A);
  cache.write("one", "u", [at(A, "1", 1), at(A, "2", 2), at(A, "1", 3), at(A, "2", 4)], 0);
  assert.deepEqual(texts(cache, 0), {
    texts: [["a", 'a{id="1"} 1\na{id="2"} 2\n']],
    series: 2,
    instances: 1,
  });
});

Deno.test("DynamicCache serves a slice until its lifetime is over, and then nothing of it", () => {
  const cache = cacheOf(A);
  cache.write("one", "u", [at(A, "1", 1)], 10);
  assert.equal(cache.read(109).series, 1);
  assert.deepEqual(texts(cache, 110), { texts: [["a", ""]], series: 0, instances: 0 });
  assert.equal(cache.evictions, 0);
  cache.expire(110);
  assert.equal(cache.evictions, 1);
});

Deno.test("DynamicCache drops instances that are not listed any more, once for all collectors", () => {
  const cache = cacheOf(A);
  cache.addCollector("two", [B]);
  for (const uuid of ["u1", "u2"]) {
    cache.write("one", uuid, [at(A, uuid, 1)], 0);
    cache.write("two", uuid, [at(B, uuid, 1)], 0);
  }
  cache.retain(new Set(["u2"]));
  assert.deepEqual(texts(cache, 0), {
    texts: [["a", 'a{id="u2"} 1\n'], ["b", 'b{id="u2"} 1\n']],
    series: 2,
    instances: 1,
  });
  assert.equal(cache.evictions, 1);
});

Deno.test("DynamicCache refuses a family that the collector did not declare", () => {
  assert.throws(() => cacheOf(A).write("one", "u", [at(B, "1", 1)], 0), {
    name: "TypeError",
    message: 'Cannot cache undeclared family "b"',
  });
  assert.throws(() => cacheOf(A).write("two", "u", [], 0), {
    name: "TypeError",
    message: 'Cannot cache samples of unknown collector "two"',
  });
});

Deno.test("DynamicCache keeps the first of samples with the same labels, among few and many", () => {
  for (const count of [3, 300]) {
    const cache = cacheOf(A);
    const ids = Array.from({ length: count }, (_, number) => `${number % (count - 1)}`);
    cache.write("one", "u1", ids.map((id, value) => at(A, id, value)), 0);
    const expected = ids.slice(0, -1).map((id) => `a{id="${id}"} ${id}\n`).join("");
    assert.deepEqual(texts(cache, 0), {
      texts: [["a", expected]],
      series: count - 1,
      instances: 1,
    });
  }
});
