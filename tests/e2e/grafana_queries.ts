import type { Variable } from "../../scripts/monitoring/dashboards/dashboard.ts";
import type { PrometheusServer } from "./prometheus_server.ts";

/** What is chosen of each variable, by its name. */
export type Choice = Readonly<Record<string, string>>;

/** Rates over so much, as Grafana takes four scrapes. */
const RATE_INTERVAL = "5s";

/** An expression as Grafana sends it. */
export function interpolate(text: string, choice: Choice): string {
  return text.replaceAll("$__rate_interval", RATE_INTERVAL)
    .replaceAll(/\$(\w+)/g, (whole, name) => choice[name] ?? whole);
}

/** What a variable offers: text and value of each option, as Grafana makes them of Prometheus' answer. */
export async function optionsOf(
  { query, regex = "" }: Variable,
  choice: Choice,
  prometheus: PrometheusServer,
): Promise<readonly { readonly text: string; readonly value: string }[]> {
  const [, selector = "", label = ""] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? [];
  if (label !== "") {
    const values = await prometheus.get<readonly string[]>(`label/${label}/values`, {
      "match[]": interpolate(selector, choice),
    });
    return values.map((value) => ({ text: value, value }));
  }
  const [, expression] = /^query_result\((.*)\)$/.exec(query) ?? [];
  if (expression === undefined) throw new SyntaxError(`Cannot read variable query "${query}"`);
  const found = await prometheus.query(interpolate(expression, choice));
  const pattern = new RegExp(regex.slice(1, -1));
  return found.map(({ metric, samples: [sample] }) => {
    const labels = Object.entries(metric).map(([name, value]) => `${name}="${value}"`);
    const text = `{${labels.join(",")}} ${sample?.[1]} ${sample?.[0]}`;
    const { text: shown = "", value = "" } = pattern.exec(text)?.groups ?? {};
    return { text: shown, value };
  });
}
