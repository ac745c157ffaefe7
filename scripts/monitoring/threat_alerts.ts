import { parseDuration } from "../../lib/config/duration.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import type { AlertRule, RuleGroup } from "./rules.ts";

/** Refreshes that may fail in a row before a list counts as stale. */
const REFRESHES = 4;

/** Threat lists that are not read, and what they say. */
export const THREAT_ALERTS: RuleGroup<AlertRule> = {
  name: "oie-threat",
  rules: [
    ...THREAT_LISTS.map(({ name: list, title, refresh }): AlertRule => ({
      alert: "OieThreatListStale",
      expr: `hypervisor_list:oie_refresh_age:seconds{list="${list}"} > ${
        REFRESHES * parseDuration(refresh) / 1000
      }`,
      for: "10m",
      severity: "warning",
      labels: { list },
      summary: `The list "${title}" on {{ $labels.hypervisor }} is old.`,
      description:
        `It was read well {{ $value | humanizeDuration }} ago, and should be every ${refresh}. It is matched as it was then.`,
    })),
    ...THREAT_LISTS.map(({ name: list, title }): AlertRule => ({
      alert: "OieThreatListNeverRead",
      expr:
        `oie_${list}_refresh_errors_total unless on (hypervisor, instance) oie_${list}_refresh_last_success_timestamp_seconds`,
      for: "30m",
      severity: "warning",
      labels: { list },
      summary: `The list "${title}" on {{ $labels.hypervisor }} was never read.`,
      description:
        "Since it started, {{ $labels.instance }} has read it {{ $value }} times in vain. Contacts with it are not seen.",
    })),
    {
      alert: "OieThreatContact",
      expr: "instance_list:oie_contact:increase15m > 0",
      for: "1m",
      severity: "warning",
      summary: "{{ $labels.domain }} has contact with addresses of the list {{ $labels.list }}.",
      description:
        "Instance {{ $labels.instance_uuid }} of project {{ $labels.project_uuid }} on {{ $labels.hypervisor }}: contacts within 15 minutes (direction {{ $labels.direction }}): {{ $value | humanize }}.",
    },
    {
      alert: "OieHostListed",
      expr: "oie_host_threat_listed == 1",
      for: "5m",
      severity: "critical",
      summary: "An address of {{ $labels.hypervisor }} is on the list {{ $labels.list }}.",
      description:
        "{{ $labels.ip }} is listed: others may refuse what it sends, and an instance behind it may be the reason.",
    },
  ],
};
