import { EXPORTER_ALERTS } from "./exporter_alerts.ts";
import { HOST_ALERTS } from "./host_alerts.ts";
import { INSTANCE_ALERTS } from "./instance_alerts.ts";
import type { AlertRule, RuleGroup } from "./rules.ts";
import { THREAT_ALERTS } from "./threat_alerts.ts";

/** Every alert, a group for each thing that can be wrong. */
export const ALERT_GROUPS: readonly RuleGroup<AlertRule>[] = [
  EXPORTER_ALERTS,
  HOST_ALERTS,
  INSTANCE_ALERTS,
  THREAT_ALERTS,
];
