import assert from "node:assert/strict";
import type { Dashboard, Variable } from "../../scripts/monitoring/dashboards/dashboard.ts";
import { type Choice, optionsOf } from "./grafana_queries.ts";
import type { MonitoredCloud } from "./monitored_cloud.ts";
import type { PrometheusServer } from "./prometheus_server.ts";

const ALL = ".*";

/**
 * Chooses, on the busy host, whoever had contact with a listed address, and then the guest that has what
 * libvirt's test driver cannot show: each panel has something under one of the two.
 */
export async function choicesFor(
  { variables }: Dashboard,
  { prometheus, busyHost, guestHost, guest }: MonitoredCloud,
): Promise<readonly Choice[]> {
  const busy = { hypervisor: busyHost, ...await contact(prometheus) };
  const real = { hypervisor: guestHost, ...guest };
  return await Promise.all([busy, real].map((wanted) => choose(variables, wanted, prometheus)));
}

async function choose(
  variables: readonly Variable[],
  wanted: Readonly<Record<string, string>>,
  prometheus: PrometheusServer,
): Promise<Choice> {
  const choice: Record<string, string> = {};
  for (const variable of variables) {
    const options = await optionsOf(variable, choice, prometheus);
    const value = wanted[variable.name] ?? "";
    const chosen = options.find((option) => option.value === value);
    assert.ok(chosen, `${value} is no option of ${variable.name}: ${JSON.stringify(options)}`);
    assert.notEqual(chosen.text, "");
    choice[variable.name] = variable.isMulti ? ALL : value;
  }
  return choice;
}

/** Who had most contacts with the custom list; empty texts before there are any. */
export async function contact(
  prometheus: PrometheusServer,
): Promise<{ project: string; instance: string }> {
  const [first] = await prometheus.query(
    'topk(1, instance_list:oie_contact:increase15m{list="customlist"})',
  );
  const { project_uuid: project = "", instance_uuid: instance = "" } = first?.metric ?? {};
  return { project, instance };
}
