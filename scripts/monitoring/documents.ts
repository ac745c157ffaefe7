import { ALERT_GROUPS } from "./alert_rules.ts";
import { dashboardByConvention } from "./convention_dashboard.ts";
import { rulesByConvention } from "./convention_rules.ts";
import { DASHBOARDS } from "./dashboards/dashboards.ts";
import { grafanaJson } from "./grafana_json.ts";
import { RECORDING_GROUPS } from "./recording_rules.ts";
import { rulesYaml } from "./rules_yaml.ts";

/** What operators load into Prometheus and Grafana, by its path from the root of the repository. */
export const MONITORING_FILES: Readonly<Record<string, () => string>> = {
  "packaging/prometheus/recording.rules.yml": () => rulesYaml(RECORDING_GROUPS),
  "packaging/prometheus/alerts.rules.yml": () => rulesYaml(ALERT_GROUPS),
  ...Object.fromEntries(DASHBOARDS.map((dashboard) => [
    `packaging/grafana/dashboards/${dashboard.uid}.json`,
    () => grafanaJson(dashboard),
  ])),
  "packaging/prometheus/prometheus-names/recording.rules.yml": () =>
    rulesYaml(rulesByConvention(RECORDING_GROUPS)),
  "packaging/prometheus/prometheus-names/alerts.rules.yml": () =>
    rulesYaml(rulesByConvention(ALERT_GROUPS)),
  ...Object.fromEntries(
    DASHBOARDS.map(dashboardByConvention).map((dashboard) => [
      `packaging/grafana/prometheus-names/${dashboard.uid}.json`,
      () => grafanaJson(dashboard),
    ]),
  ),
};
