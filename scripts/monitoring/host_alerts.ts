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
      alert: "OieConntrackDrops",
      // Both are in one file of the kernel: where one is, the other is too.
      expr:
        "rate(oie_host_conntrack_drop_total[5m]) + rate(oie_host_conntrack_early_drop_total[5m]) > 1",
      for: "5m",
      severity: "warning",
      summary: "Conntrack on {{ $labels.hypervisor }} drops packets or entries.",
      description:
        "{{ $value | humanize }} a second for 5 minutes, as when the table is full: connections of instances fail or break.",
    },
    {
      alert: "OieConntrackInsertFailures",
      expr: "rate(oie_host_conntrack_insert_failed_total[5m]) > 10",
      for: "15m",
      severity: "info",
      summary: "Conntrack on {{ $labels.hypervisor }} cannot insert entries.",
      description:
        "{{ $value | humanize }} entries a second for 15 minutes. The packet of each is dropped; most often two packets of one flow raced.",
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
    {
      // Overcommit alone is a choice; it harms once the host has little left.
      alert: "OieMemoryOvercommitShort",
      expr: "oie_host_memory_overcommit_ratio > 1" +
        " and oie_host_memory_available_bytes / oie_host_memory_total_bytes < 0.1",
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.hypervisor }} promised more memory than it has, and has little left.",
      description:
        "Its instances may take {{ $value | humanizePercentage }} of its memory, of which less than 10% is left without swapping.",
    },
  ],
};
