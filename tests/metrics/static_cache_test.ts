import assert from "node:assert/strict";
import { family } from "../../lib/metrics/family.ts";
import { NO_LABELS } from "../../lib/metrics/labels.ts";
import { PageWriter } from "../../lib/metrics/page_writer.ts";
import { sample } from "../../lib/metrics/sample.ts";
import { StaticCache } from "../../lib/metrics/static_cache.ts";

const UP = family({ name: "up", type: "gauge", help: "Up.", labels: [], exported: "always" });
const AGE = family({ name: "age", type: "gauge", help: "Age.", labels: [], exported: "always" });

function page(cache: StaticCache, nowMs: number, emptyHeaders: boolean): string {
  const writer = new PageWriter({ expectedBytes: 1 });
  writer.write(cache.read(nowMs), { emptyHeaders });
  return new TextDecoder().decode(writer.finish());
}

Deno.test("StaticCache replaces a family whole and keeps the header of one without a value", () => {
  const cache = new StaticCache();
  cache.write([UP, AGE], [sample(UP, NO_LABELS, 0), sample(AGE, NO_LABELS, 7)]);
  cache.write([UP, AGE], [sample(UP, NO_LABELS, 1)]);
  assert.equal(
    page(cache, 0, true),
    "# HELP up Up.\n# TYPE up gauge\nup 1\n# HELP age Age.\n# TYPE age gauge\n",
  );
  assert.equal(page(cache, 0, false), "# HELP up Up.\n# TYPE up gauge\nup 1\n");
});

Deno.test("StaticCache serves a family with a lifetime no longer than that", () => {
  const cache = new StaticCache();
  cache.write([UP], [sample(UP, NO_LABELS, 1)]);
  cache.write([AGE], [sample(AGE, NO_LABELS, 1)], 50);
  assert.deepEqual([...cache.read(49).keys()], [UP, AGE]);
  assert.deepEqual([...cache.read(50).keys()], [UP]);
  assert.deepEqual([cache.size, cache.evictions], [2, 0]);
  cache.expire(50);
  assert.deepEqual([cache.size, cache.evictions], [1, 1]);
});
