import type { AlertRule, RuleGroup } from "./rules.ts";

const INSTANCE =
  "Instance {{ $labels.instance_uuid }} of project {{ $labels.project_uuid }} on {{ $labels.hypervisor }}";

/** What single instances do to themselves, their neighbours or the world. */
export const INSTANCE_ALERTS: RuleGroup<AlertRule> = {
  name: "oie-instance",
  rules: [
    {
      alert: "OieInstanceCpuSaturated",
      expr: "oie_cpu_percent > 95",
      for: "15m",
      severity: "info",
      summary: "{{ $labels.domain }} uses all of its vCPUs.",
      description: `${INSTANCE}: {{ $value | humanize }} % of all its vCPUs for 15 minutes.`,
    },
    {
      alert: "OieInstanceSteal",
      expr: "rate(oie_cpu_steal_seconds_total[15m]) / oie_cpu_vcpus > 0.1",
      for: "30m",
      severity: "warning",
      summary: "{{ $labels.domain }} waits for CPUs of its host.",
      description:
        `${INSTANCE}: each of its vCPUs waits {{ $value | humanizePercentage }} of the time, for 30 minutes.`,
    },
    {
      alert: "OieDiskReadsAboveThreshold",
      expr: "rate(oie_disk_r_requests[5m]) > oie_disk_r_alert_threshold",
      for: "10m",
      severity: "warning",
      summary:
        "{{ $labels.domain }} reads {{ $labels.disk_path }} above the threshold of its tier.",
      description:
        `${INSTANCE}: {{ $value | humanize }} requests a second to disk {{ $labels.disk_uuid }} (tier {{ $labels.disk_type }}).`,
    },
    {
      alert: "OieDiskWritesAboveThreshold",
      expr: "rate(oie_disk_w_requests[5m]) > oie_disk_w_alert_threshold",
      for: "10m",
      severity: "warning",
      summary:
        "{{ $labels.domain }} writes {{ $labels.disk_path }} above the threshold of its tier.",
      description:
        `${INSTANCE}: {{ $value | humanize }} requests a second to disk {{ $labels.disk_uuid }} (tier {{ $labels.disk_type }}).`,
    },
    {
      alert: "OieInstanceNetworkErrors",
      expr: "rate(oie_net_rx_er_total[5m]) > 1 or rate(oie_net_tx_er_total[5m]) > 1",
      for: "10m",
      severity: "warning",
      summary: "vNIC {{ $labels.interface }} of {{ $labels.domain }} has errors.",
      description: `${INSTANCE}: {{ $value | humanize }} packets a second fail.`,
    },
    {
      alert: "OieInstanceNetworkDrops",
      expr: "rate(oie_net_rx_drp_total[5m]) > 10 or rate(oie_net_tx_drp_total[5m]) > 10",
      for: "15m",
      severity: "info",
      summary: "vNIC {{ $labels.interface }} of {{ $labels.domain }} drops packets.",
      description: `${INSTANCE}: {{ $value | humanize }} packets a second are dropped.`,
    },
    {
      alert: "OieOutboundFanOut",
      expr: "oie_outbound_unique_remotes > 1000",
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.domain }} talks to very many addresses.",
      description:
        `${INSTANCE}: {{ $labels.ip }} has flows to {{ $value }} remote addresses at once.`,
    },
    {
      alert: "OieOutboundNewRemotes",
      expr: "avg_over_time(oie_outbound_new_remotes[5m]) > 300",
      for: "5m",
      severity: "warning",
      summary: "{{ $labels.domain }} turns to new addresses all the time.",
      description:
        `${INSTANCE}: {{ $labels.ip }} turned to {{ $value | humanize }} new remote addresses in each interval.`,
    },
    {
      alert: "OieOutboundManyPorts",
      expr: "oie_outbound_unique_dst_ports > 500",
      for: "5m",
      severity: "warning",
      summary: "{{ $labels.domain }} talks to very many ports.",
      description:
        `${INSTANCE}: {{ $labels.ip }} has flows to {{ $value }} destination ports at once, as a port scan does.`,
    },
  ],
};
