import assert from "node:assert/strict";
import { FAMILIES } from "../../../lib/metrics/families.ts";
import { ALERT_GROUPS } from "../../../scripts/monitoring/alert_rules.ts";
import { DASHBOARDS } from "../../../scripts/monitoring/dashboards/dashboards.ts";
import { readPromql } from "../../../scripts/monitoring/promql.ts";
import { RECORDING_GROUPS } from "../../../scripts/monitoring/recording_rules.ts";

/** Families that no dashboard, rule or alert needs, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  oie_conntrack_read_errors_total: "the same number as oie_host_conntrack_read_errors_total",
  process_virtual_memory_bytes: "V8 reserves addresses that it never uses",
};

function* expressions(): Generator<string> {
  const panels = DASHBOARDS.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels));
  for (const { queries } of panels) yield* queries.map(({ expr }) => expr);
  for (const { rules } of [...RECORDING_GROUPS, ...ALERT_GROUPS]) {
    yield* rules.map(({ expr }) => expr);
  }
}

Deno.test("each family is used by a dashboard, rule or alert, or is known to need none", () => {
  const used = new Set(
    [...expressions()].flatMap((expr) => readPromql(expr).selectors.map(({ metric }) => metric)),
  );
  const unused = FAMILIES.map(({ name }) => name).filter((name) => !used.has(name));
  assert.deepEqual(unused.sort(), Object.keys(UNUSED).sort());
});
