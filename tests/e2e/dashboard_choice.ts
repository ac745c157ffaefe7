import assert from "node:assert/strict";
import type { Dashboard } from "../../scripts/monitoring/dashboards/dashboard.ts";
import { type Choice, optionsOf } from "./grafana_queries.ts";
import type { MonitoredCloud } from "./monitored_cloud.ts";

const ALL = ".*";

/** Chooses on the busy host whoever had contact with a listed address: he has something in each panel. */
export async function chooseFor(
  { variables }: Dashboard,
  { prometheus, busyHost }: MonitoredCloud,
): Promise<Choice> {
  const wanted = { hypervisor: busyHost, ...await contact(prometheus) };
  const choice: Record<string, string> = {};
  for (const variable of variables) {
    const options = await optionsOf(variable, choice, prometheus);
    const value = wanted[variable.name as keyof typeof wanted];
    const chosen = options.find((option) => option.value === value);
    assert.ok(chosen, `${value} is no option of ${variable.name}: ${JSON.stringify(options)}`);
    assert.notEqual(chosen.text, "");
    choice[variable.name] = variable.isMulti ? ALL : value;
  }
  return choice;
}

/** Who had most contacts with the custom list; empty texts before there are any. */
export async function contact(
  prometheus: MonitoredCloud["prometheus"],
): Promise<{ project: string; instance: string }> {
  const [first] = await prometheus.query(
    'topk(1, instance_list:oie_contact:increase15m{list="customlist"})',
  );
  const { project_uuid: project = "", instance_uuid: instance = "" } = first?.metric ?? {};
  return { project, instance };
}
