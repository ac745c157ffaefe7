import { type AlertRule, JOB, type RuleGroup } from "./rules.ts";

/** Whether the exporter does its work. */
export const EXPORTER_ALERTS: RuleGroup<AlertRule> = {
  name: "oie-exporter",
  rules: [
    {
      alert: "OieNoTargets",
      expr: `absent(up{${JOB}})`,
      for: "10m",
      severity: "critical",
      summary: "Prometheus knows no instance exporter at all.",
      description:
        'No target has the label job="openstack_instances": nothing is scraped and no other alert can fire.',
    },
    {
      alert: "OieDown",
      expr: `up{${JOB}} == 0`,
      for: "5m",
      severity: "critical",
      summary: "The instance exporter on {{ $labels.hypervisor }} does not answer.",
      description:
        "Prometheus could not scrape {{ $labels.instance }} for 5 minutes: nothing is known of the instances there.",
    },
    {
      alert: "OieNotReady",
      expr:
        "oie_build_info unless on (hypervisor, instance) oie_host_last_collection_timestamp_seconds",
      for: "5m",
      severity: "warning",
      summary: "The instance exporter on {{ $labels.hypervisor }} never became ready.",
      description:
        "It serves on {{ $labels.instance }}, but no collection cycle was complete since it started: there are no series of instances.",
    },
    {
      alert: "OieDataStale",
      expr: "time() - oie_host_last_collection_timestamp_seconds > 120",
      for: "2m",
      severity: "warning",
      summary: "What {{ $labels.hypervisor }} tells of its instances is old.",
      description:
        "The newest complete collection cycle of {{ $labels.instance }} ended {{ $value | humanizeDuration }} ago.",
    },
    {
      alert: "OieLibvirtDown",
      expr: "oie_libvirt_up == 0",
      for: "5m",
      severity: "critical",
      summary: "The exporter cannot list the domains of {{ $labels.hypervisor }}.",
      description:
        "libvirt did not answer {{ $labels.instance }} for 5 minutes. The series of its instances have expired or are about to.",
    },
    {
      alert: "OieConntrackReadFailing",
      expr: "oie_conntrack_up == 0",
      for: "10m",
      severity: "warning",
      summary: "The exporter cannot read conntrack on {{ $labels.hypervisor }}.",
      description:
        "No dump of {{ $labels.instance }} was read to its end for 10 minutes: flows, outbound behaviour and threat contacts are missing.",
    },
    {
      alert: "OieOvsNotFollowed",
      expr: "oie_ovs_up == 0",
      for: "10m",
      severity: "warning",
      summary: "The exporter cannot follow Open vSwitch's database on {{ $labels.hypervisor }}.",
      description:
        "{{ $labels.instance }} has not known the conntrack zones of ports for 10 minutes: flows of fixed IPs that tenants share count for each of them.",
    },
    {
      alert: "OieCollectorFailing",
      expr: "oie_collector_success == 0",
      for: "15m",
      severity: "warning",
      summary: "Collector {{ $labels.collector }} fails on {{ $labels.hypervisor }}.",
      description:
        "In every cycle of {{ $labels.instance }} for 15 minutes it could not read what it needs, or failed for an instance.",
    },
    {
      alert: "OieCyclesSkipped",
      expr: "increase(oie_host_collection_skipped_total[15m]) > 3",
      for: "15m",
      severity: "warning",
      summary: "Collection on {{ $labels.hypervisor }} takes longer than its interval.",
      description:
        "{{ $labels.instance }} left out {{ $value | humanize }} cycles in 15 minutes because the one before still ran.",
    },
    {
      alert: "OieDomainErrors",
      expr: "increase(oie_host_domain_errors_total[15m]) > 0",
      for: "30m",
      severity: "warning",
      summary: "Some domains of {{ $labels.hypervisor }} cannot be read.",
      description:
        "{{ $labels.instance }} could not use XML or statistics of a domain {{ $value | humanize }} times in 15 minutes; its log names them.",
    },
    {
      alert: "OieRestarting",
      expr: `changes(process_start_time_seconds{${JOB}}[1h]) > 3`,
      for: "5m",
      severity: "warning",
      summary: "The instance exporter on {{ $labels.hypervisor }} restarts again and again.",
      description: "{{ $labels.instance }} started {{ $value }} times within an hour.",
    },
  ],
};
