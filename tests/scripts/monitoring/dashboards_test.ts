import assert from "node:assert/strict";
import { parseState } from "../../../lib/live_page/page_state.ts";
import { dashboardByConvention } from "../../../scripts/monitoring/convention_dashboard.ts";
import type { Panel } from "../../../scripts/monitoring/dashboards/dashboard.ts";
import { DASHBOARDS } from "../../../scripts/monitoring/dashboards/dashboards.ts";
import { grafanaJson } from "../../../scripts/monitoring/grafana_json.ts";
import { undeclared } from "./declared.ts";

const COLUMNS = 24;
const UUID = "0fd630f1-f29d-4da9-953f-48f1a09f76b5";
const SETS = [
  { set: "oie", dashboards: DASHBOARDS },
  { set: "prometheus", dashboards: DASHBOARDS.map(dashboardByConvention) },
] as const;
const ALL = SETS.flatMap(({ dashboards }) => dashboards);

/** Labels that the legend, the links and the columns of a panel name. */
function mentionedBy({ kind, queries, links = [], columns = {} }: Panel): string[] {
  if (kind === "table") return Object.keys(columns);
  const text = [...queries.map(({ legend }) => legend), ...links.map(({ url }) => url)].join(" ");
  return [...text.matchAll(/\{\{(\w+)\}\}|labels\.(\w+)/g)].map(([, a, b]) => a ?? b ?? "");
}

for (const { set, dashboards } of SETS) {
  Deno.test(`dashboards use declared metrics and labels, ${set}`, () => {
    for (const { rows, variables } of dashboards) {
      for (const panel of rows.flatMap(({ panels }) => panels)) {
        for (const { expr } of panel.queries) {
          assert.deepEqual(undeclared(expr, [], set), [], panel.title);
        }
        const all = panel.queries.map(({ expr }) => `(${expr})`).join(" or ");
        assert.deepEqual(undeclared(all, mentionedBy(panel), set), [], panel.title);
      }
      for (const { query } of variables) {
        const [, selector, label = ""] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? [];
        const [, expression] = /^query_result\((.*)\)$/.exec(query) ?? [];
        const expr = selector ?? expression ?? assert.fail(query);
        assert.deepEqual(undeclared(expr, label === "" ? [] : [label], set), []);
      }
    }
  });
}

Deno.test("dashboards link to each other by uid and by variables that are there", () => {
  for (const { uid: source, rows } of ALL) {
    const panels = rows.flatMap(({ panels }) => panels);
    for (const { url, isOutside } of panels.flatMap(({ links = [] }) => links)) {
      if (isOutside) continue;
      const [, uid, query = ""] = /^\/d\/([\w-]+)\?(.*)$/.exec(url) ?? assert.fail(url);
      const target = ALL.find((dashboard) => dashboard.uid === uid) ?? assert.fail(url);
      const set = [...query.matchAll(/var-(\w+)=/g)].map(([, name]) => name);
      assert.deepEqual(set, target.variables.map(({ name }) => name));
      const [own, other] = SETS.map(({ dashboards }) => dashboards.map(({ uid }) => uid));
      assert.equal(own?.includes(source), own?.includes(uid ?? ""));
      assert.equal(other?.includes(source), other?.includes(uid ?? ""));
    }
  }
});

Deno.test("dashboards lead from an instance to it on its node's page", () => {
  for (const { uid, rows } of ALL) {
    const panels = rows.flatMap(({ panels }) => panels);
    const outside = panels.flatMap(({ links = [] }) => links).filter(({ isOutside }) => isOutside);
    // Each but the one of the exporters themselves shows instances.
    assert.equal(outside.length > 0, !uid.startsWith("oie-exporter"), uid);
    for (const { url } of outside) {
      const [hypervisor = "", instance = ""] = url.match(/\$\{[^}]+\}/g) ?? [];
      assert.match(hypervisor, /hypervisor/i);
      const { origin, pathname, hash } = new URL(
        url.replace(hypervisor, "node7").replace(instance, UUID),
      );
      assert.deepEqual([origin, pathname], ["http://node7:9120", "/"], url);
      assert.deepEqual(parseState(hash).open, { kind: "instance", uuid: UUID }, url);
    }
  }
});

Deno.test("grafanaJson keeps panels apart, and their data source open", () => {
  const uids = ALL.map(({ uid }) => uid);
  assert.equal(new Set(uids).size, uids.length);
  for (const dashboard of ALL) {
    const { panels } = JSON.parse(grafanaJson(dashboard));
    const taken = new Set<string>();
    for (const { id, type, datasource, gridPos: { x, y, w, h } } of panels) {
      assert.ok(w > 0 && x + w <= COLUMNS, `${dashboard.uid} panel ${id}`);
      if (type !== "row") assert.equal(datasource.uid, "${datasource}");
      for (let cell = 0; cell < w * h; cell++) {
        const place = `${x + cell % w},${y + Math.floor(cell / w)}`;
        assert.ok(!taken.has(place), `${dashboard.uid} panel ${id} covers ${place}`);
        taken.add(place);
      }
    }
    const ids = panels.map(({ id }: { readonly id: number }) => id);
    assert.equal(new Set(ids).size, ids.length);
  }
});
