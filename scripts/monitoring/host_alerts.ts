import type { AlertRule, RuleGroup } from "./rules.ts";

/** What the host runs out of, or mixes up. */
export const HOST_ALERTS: RuleGroup<AlertRule> = {
  name: "oie-host",
  rules: [
    {
      alert: "OieConntrackTableFilling",
      expr: "hypervisor:oie_conntrack_used:ratio > 0.80",
      for: "10m",
      severity: "warning",
      summary: "The conntrack table of {{ $labels.hypervisor }} is filling.",
      description:
        "{{ $value | humanizePercentage }} of its entries are taken. A full table drops new connections of every instance.",
    },
    {
      alert: "OieConntrackTableNearlyFull",
      expr: "hypervisor:oie_conntrack_used:ratio > 0.95",
      for: "2m",
      severity: "critical",
      summary: "The conntrack table of {{ $labels.hypervisor }} is nearly full.",
      description:
        "{{ $value | humanizePercentage }} of its entries are taken. New connections of every instance are about to be dropped, or are already.",
    },
    {
      alert: "OieAmbiguousFixedIps",
      expr: "oie_host_ambiguous_fixed_ips > 0",
      for: "30m",
      severity: "info",
      summary: "Instances on {{ $labels.hypervisor }} share fixed IPs.",
      description:
        "{{ $value }} fixed IPs belong to more than one instance; flows of such an address count for each of them.",
    },
  ],
};
