import assert from "node:assert/strict";
import { dashboardByConvention } from "../../scripts/monitoring/convention_dashboard.ts";
import type { Dashboard, Panel } from "../../scripts/monitoring/dashboards/dashboard.ts";
import { DASHBOARDS } from "../../scripts/monitoring/dashboards/dashboards.ts";
import { EXAMPLES } from "../../scripts/monitoring/examples.ts";
import { choicesFor, contact } from "./dashboard_choice.ts";
import type { Choice } from "./grafana_queries.ts";
import { type MonitoredCloud, startMonitoredCloud } from "./monitored_cloud.ts";
import { answersOf } from "./panel_answers.ts";
import type { Series } from "./prometheus_server.ts";
import { waitUntil } from "./wait_until.ts";

const SETTLE_MS = 60_000;
const RANGE_SECONDS = 15;

/** What is wrong with one panel; nothing for a good one. */
async function faultsOf(
  panel: Panel,
  choices: readonly Choice[],
  { prometheus }: MonitoredCloud,
): Promise<string[]> {
  const { answers, unanswered } = await answersOf(panel, choices, prometheus, RANGE_SECONDS);
  const faults = answers.flatMap((found, at) => labelFaults(panel, at, found));
  // Lists that are off, and what this machine's kernel does not count, are the only ones of their panel.
  const allowed = panel.mayBeEmpty === undefined ? 0 : panel.queries.length - 1;
  if (unanswered.length > allowed) faults.push(`no data: ${unanswered.join("; ")}`);
  return faults.map((fault) => `${panel.title}: ${fault}`);
}

/** Labels that the panel writes or links with, and some series lacks. */
function labelFaults(panel: Panel, at: number, found: readonly Series[]): string[] {
  const { legend = "" } = panel.queries[at] ?? {};
  const links = (panel.links ?? []).map(({ url }) => url).join(" ");
  const named = panel.kind === "table"
    // What was not known is an empty label, which Prometheus leaves out.
    ? Object.keys(panel.columns ?? {}).slice(0, at === 0 ? 1 : 0)
    : [
      ...[...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label),
      ...[...links.matchAll(/labels\.(\w+)/g)].map(([, label = ""]) => label),
    ];
  return named.flatMap((label) =>
    found.every(({ metric }) => label in metric) ? [] : [`no label ${label} in "${legend}"`]
  );
}

Deno.test("dashboards show a real cloud: each variable has options, each panel data", async (t) => {
  await using cloud = await startMonitoredCloud();
  const { prometheus } = cloud;
  const describe = () => prometheus.process.output;
  await waitUntil(
    "rates and contacts",
    async () => {
      for (const each of [prometheus, cloud.byConvention]) {
        const [rates] = await each.query("cloud:oie_net_tx_gbytes:rate5m > 0");
        const { instance } = await contact(each);
        if (rates === undefined || instance === "") return undefined;
      }
      return true;
    },
    { withinMs: SETTLE_MS, describe },
  );
  await cloud.notePages();
  const byConvention = { ...cloud, prometheus: cloud.byConvention };
  const shown: readonly (readonly [Dashboard, MonitoredCloud])[] = [
    ...DASHBOARDS.map((dashboard) => [dashboard, cloud] as const),
    ...DASHBOARDS.map((dashboard) => [dashboardByConvention(dashboard), byConvention] as const),
  ];
  for (const [dashboard, cloud] of shown) {
    await t.step(dashboard.title, async () => {
      const choices = await choicesFor(dashboard, cloud);
      const panels = dashboard.rows.flatMap(({ panels }) => panels);
      const look = async () =>
        (await Promise.all(panels.map((panel) => faultsOf(panel, choices, cloud)))).flat();
      let faults: string[] = [];
      await waitUntil("data in each panel", async () => {
        faults = await look();
        return faults.length === 0 ? true : undefined;
      }, { withinMs: SETTLE_MS, describe: () => faults.join("\n") });
    });
  }
  await t.step(
    "each example of the documents is answered, with data where there must be some",
    async () => {
      for (const { expr, mayBeEmpty } of EXAMPLES) {
        const found = await prometheus.query(expr);
        assert.ok(found.length > 0 || mayBeEmpty !== undefined, expr);
      }
    },
  );
  await t.step("the example's relabelling names each host", async () => {
    const found = await prometheus.query("up");
    const hosts = found.map(({ metric, samples }) => [metric["hypervisor"], samples[0]?.[1]]);
    assert.deepEqual(hosts.sort(), [["busy", "1"], ["localhost", "1"], ["lost", "0"]]);
  });
  await t.step("every rule of both sets is evaluated without an error", async () => {
    for (const each of [prometheus, cloud.byConvention]) {
      const { groups } = await each.get<{ groups: readonly RuleGroupState[] }>("rules");
      const rules = groups.flatMap(({ rules }) => rules);
      assert.ok(rules.length > 100, String(rules.length));
      assert.deepEqual(rules.filter(({ health }) => health !== "ok"), []);
      const pending = rules.find(({ name }) => name === "OieDown")?.alerts ?? [];
      assert.deepEqual(pending.map(({ labels }) => labels["hypervisor"]), ["lost"]);
    }
  });
});

interface RuleGroupState {
  readonly rules: readonly {
    readonly name: string;
    readonly health: string;
    readonly lastError?: string;
    readonly alerts?: readonly { readonly labels: Readonly<Record<string, string>> }[];
  }[];
}
