import { THREAT_LISTS } from "../../lib/threat/lists.ts";

type Labels = Readonly<Record<string, string>>;

/** What an alert that fires says, without its runbook. */
export interface Firing {
  readonly labels: Labels;
  readonly summary: string;
  readonly description: string;
}

/** Series of a cloud and what one alert makes of them. */
export interface AlertCase {
  readonly alert: string;
  /** A sample each minute in promtool's notation, by series. */
  readonly series: Readonly<Record<string, string>>;
  /** When it is looked at, such as `20m`. */
  readonly at: string;
  /** Left out where the alert must stay quiet. */
  readonly firing?: Firing;
}

const TARGET = { hypervisor: "node1", instance: "node1:9120", job: "openstack_instances" };
const INSTANCE = {
  ...TARGET,
  domain: "instance-00000001",
  instance_uuid: "i-1",
  project_uuid: "p-1",
  user_uuid: "u-1",
};
const DISK = { ...INSTANCE, disk_uuid: "d-1", disk_type: "ssd", disk_path: "vda" };
const VNIC = { ...INSTANCE, interface: "tap1" };
const FIXED_IP = { ...INSTANCE, ip: "10.0.0.1", family: "ipv4" };
const CONTACT = { ...INSTANCE, direction: "out" };
const LISTED = { ...TARGET, list: "spamhaus", ip: "192.0.2.7", family: "ipv4" };
const WHO = "Instance i-1 of project p-1 on node1";

function series(metric: string, labels: Labels = TARGET): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${metric}{${pairs.join(",")}}`;
}

function withoutOwner({ user_uuid: _user, instance: _instance, job: _job, ...rest }: Labels) {
  return rest;
}

/** For each alert a case that fires and one, close to it, that does not. */
export const ALERT_CASES: readonly AlertCase[] = [
  {
    alert: "OieNoTargets",
    series: { [series("up", { ...TARGET, job: "node" })]: "1x20" },
    at: "15m",
    firing: {
      labels: { severity: "critical", job: "openstack_instances" },
      summary: "Prometheus knows no instance exporter at all.",
      description:
        'No target has the label job="openstack_instances": nothing is scraped and no other alert can fire.',
    },
  },
  { alert: "OieNoTargets", series: { [series("up")]: "0x20" }, at: "15m" },
  {
    alert: "OieDown",
    series: { [series("up")]: "1 0x20" },
    at: "10m",
    firing: {
      labels: { ...TARGET, severity: "critical" },
      summary: "The instance exporter on node1 does not answer.",
      description:
        "Prometheus could not scrape node1:9120 for 5 minutes: nothing is known of the instances there.",
    },
  },
  { alert: "OieDown", series: { [series("up")]: "0 0 0 1 0 0 0 0 1x20" }, at: "10m" },
  {
    alert: "OieNotReady",
    series: { [series("oie_build_info", { ...TARGET, version: "1.0.0" })]: "1x20" },
    at: "10m",
    firing: {
      labels: { ...TARGET, version: "1.0.0", severity: "warning" },
      summary: "The instance exporter on node1 never became ready.",
      description:
        "It serves on node1:9120, but no collection cycle was complete since it started: there are no series of instances.",
    },
  },
  {
    alert: "OieNotReady",
    series: {
      [series("oie_build_info", { ...TARGET, version: "1.0.0" })]: "1x20",
      [series("oie_host_last_collection_timestamp_seconds")]: "_ _ _ 180x20",
    },
    at: "10m",
  },
  {
    alert: "OieDataStale",
    series: { [series("oie_host_last_collection_timestamp_seconds")]: "0+60x5 300x20" },
    at: "15m",
    firing: {
      labels: { ...TARGET, severity: "warning" },
      summary: "What node1 tells of its instances is old.",
      description: "The newest complete collection cycle of node1:9120 ended 10m 0s ago.",
    },
  },
  {
    alert: "OieDataStale",
    series: { [series("oie_host_last_collection_timestamp_seconds")]: "0 0+60x20" },
    at: "15m",
  },
  {
    alert: "OieLibvirtDown",
    series: { [series("oie_libvirt_up")]: "1 1 0x20" },
    at: "8m",
    firing: {
      labels: { ...TARGET, severity: "critical" },
      summary: "The exporter cannot list the domains of node1.",
      description:
        "libvirt did not answer node1:9120 for 5 minutes. The series of its instances have expired or are about to.",
    },
  },
  { alert: "OieLibvirtDown", series: { [series("oie_libvirt_up")]: "0 0 0 1x20" }, at: "8m" },
  {
    alert: "OieConntrackReadFailing",
    series: { [series("oie_conntrack_up")]: "0x20" },
    at: "10m",
    firing: {
      labels: { ...TARGET, severity: "warning" },
      summary: "The exporter cannot read conntrack on node1.",
      description:
        "No dump of node1:9120 was read to its end for 10 minutes: flows, outbound behaviour and threat contacts are missing.",
    },
  },
  { alert: "OieConntrackReadFailing", series: { [series("oie_conntrack_up")]: "0x20" }, at: "9m" },
  {
    alert: "OieOvsNotFollowed",
    series: { [series("oie_ovs_up")]: "1 1 0x20" },
    at: "13m",
    firing: {
      labels: { ...TARGET, severity: "warning" },
      summary: "The exporter cannot follow Open vSwitch's database on node1.",
      description:
        "node1:9120 has not known the conntrack zones of ports for 10 minutes: flows of fixed IPs that tenants share count for each of them.",
    },
  },
  {
    // It came back once.
    alert: "OieOvsNotFollowed",
    series: { [series("oie_ovs_up")]: "0x7 1 0x20" },
    at: "13m",
  },
  {
    alert: "OieCollectorFailing",
    series: { [series("oie_collector_success", { ...TARGET, collector: "disk" })]: "0x20" },
    at: "15m",
    firing: {
      labels: { ...TARGET, collector: "disk", severity: "warning" },
      summary: "Collector disk fails on node1.",
      description:
        "In every cycle of node1:9120 for 15 minutes it could not read what it needs, or failed for an instance.",
    },
  },
  {
    alert: "OieCollectorFailing",
    series: { [series("oie_collector_success", { ...TARGET, collector: "disk" })]: "0x9 1 0x20" },
    at: "15m",
  },
  {
    alert: "OieCyclesSkipped",
    series: { [series("oie_host_collection_skipped_total")]: "0+1x60" },
    at: "40m",
    firing: {
      labels: { ...TARGET, severity: "warning" },
      summary: "Collection on node1 takes longer than its interval.",
      description: "node1:9120 left out 15 cycles in 15 minutes because the one before still ran.",
    },
  },
  {
    alert: "OieCyclesSkipped",
    series: { [series("oie_host_collection_skipped_total")]: "0x20 3x40" },
    at: "40m",
  },
  {
    alert: "OieDomainErrors",
    series: { [series("oie_host_domain_errors_total")]: "0+2x60" },
    at: "50m",
    firing: {
      labels: { ...TARGET, severity: "warning" },
      summary: "Some domains of node1 cannot be read.",
      description:
        "node1:9120 could not use XML or statistics of a domain 30 times in 15 minutes; its log names them.",
    },
  },
  {
    alert: "OieDomainErrors",
    series: { [series("oie_host_domain_errors_total")]: "0x10 7x50" },
    at: "50m",
  },
  {
    alert: "OieRestarting",
    series: { [series("process_start_time_seconds")]: "0x9 1x9 2x9 3x9 4x30" },
    at: "50m",
    firing: {
      labels: { ...TARGET, severity: "warning" },
      summary: "The instance exporter on node1 restarts again and again.",
      description: "node1:9120 started 4 times within an hour.",
    },
  },
  {
    alert: "OieRestarting",
    series: { [series("process_start_time_seconds")]: "0x9 1x9 2x9 3x40" },
    at: "50m",
  },
  {
    alert: "OieConntrackTableFilling",
    series: {
      [series("oie_host_conntrack_kernel_entries")]: "850x20",
      [series("oie_host_conntrack_max")]: "1000x20",
    },
    at: "12m",
    firing: {
      labels: { hypervisor: "node1", severity: "warning" },
      summary: "The conntrack table of node1 is filling.",
      description:
        "85% of its entries are taken. A full table drops new connections of every instance.",
    },
  },
  {
    alert: "OieConntrackTableFilling",
    series: {
      [series("oie_host_conntrack_kernel_entries")]: "800x20",
      [series("oie_host_conntrack_max")]: "1000x20",
    },
    at: "12m",
  },
  {
    alert: "OieConntrackTableNearlyFull",
    series: {
      [series("oie_host_conntrack_kernel_entries")]: "990x20",
      [series("oie_host_conntrack_max")]: "1000x20",
    },
    at: "3m",
    firing: {
      labels: { hypervisor: "node1", severity: "critical" },
      summary: "The conntrack table of node1 is nearly full.",
      description:
        "99% of its entries are taken. New connections of every instance are about to be dropped, or are already.",
    },
  },
  {
    alert: "OieConntrackTableNearlyFull",
    series: {
      [series("oie_host_conntrack_kernel_entries")]: "940x20",
      [series("oie_host_conntrack_max")]: "1000x20",
    },
    at: "12m",
  },
  {
    // Half of the two a second is packets, half entries that made room.
    alert: "OieConntrackDrops",
    series: {
      [series("oie_host_conntrack_drop_total")]: "0+60x30",
      [series("oie_host_conntrack_early_drop_total")]: "0+60x30",
    },
    at: "15m",
    firing: {
      labels: { ...TARGET, severity: "warning" },
      summary: "Conntrack on node1 drops packets or entries.",
      description:
        "2 a second for 5 minutes, as when the table is full: connections of instances fail or break.",
    },
  },
  {
    // Many of long ago, and one in two seconds now.
    alert: "OieConntrackDrops",
    series: {
      [series("oie_host_conntrack_drop_total")]: "5000+30x30",
      [series("oie_host_conntrack_early_drop_total")]: "7x30",
    },
    at: "15m",
  },
  {
    alert: "OieConntrackInsertFailures",
    series: { [series("oie_host_conntrack_insert_failed_total")]: "0+1200x40" },
    at: "25m",
    firing: {
      labels: { ...TARGET, severity: "info" },
      summary: "Conntrack on node1 cannot insert entries.",
      description:
        "20 entries a second for 15 minutes. The packet of each is dropped; most often two packets of one flow raced.",
    },
  },
  {
    alert: "OieConntrackInsertFailures",
    series: { [series("oie_host_conntrack_insert_failed_total")]: "0+300x40" },
    at: "25m",
  },
  {
    alert: "OieAmbiguousFixedIps",
    series: { [series("oie_host_ambiguous_fixed_ips")]: "2x40" },
    at: "35m",
    firing: {
      labels: { ...TARGET, severity: "info" },
      summary: "Instances on node1 share fixed IPs.",
      description:
        "2 fixed IPs belong to more than one instance; flows of such an address count for each of them.",
    },
  },
  {
    alert: "OieAmbiguousFixedIps",
    series: { [series("oie_host_ambiguous_fixed_ips")]: "0x40" },
    at: "35m",
  },
  {
    alert: "OieMemoryOvercommitShort",
    series: {
      [series("oie_host_memory_overcommit_ratio")]: "1.5x30",
      [series("oie_host_memory_available_bytes")]: "90x30",
      [series("oie_host_memory_total_bytes")]: "1000x30",
    },
    at: "20m",
    firing: {
      labels: { ...TARGET, severity: "warning" },
      summary: "node1 promised more memory than it has, and has little left.",
      description:
        "Its instances may take 150% of its memory, of which less than 10% is left without swapping.",
    },
  },
  ...[["1.5", "400"], ["1", "90"]].map(([ratio, available]): AlertCase => ({
    // Overcommitted with enough left, and full without a promise of more.
    alert: "OieMemoryOvercommitShort",
    series: {
      [series("oie_host_memory_overcommit_ratio")]: `${ratio}x30`,
      [series("oie_host_memory_available_bytes")]: `${available}x30`,
      [series("oie_host_memory_total_bytes")]: "1000x30",
    },
    at: "20m",
  })),
  {
    alert: "OieInstanceCpuSaturated",
    series: { [series("oie_cpu_percent", INSTANCE)]: "99.5x20" },
    at: "15m",
    firing: {
      labels: { ...INSTANCE, severity: "info" },
      summary: "instance-00000001 uses all of its vCPUs.",
      description: `${WHO}: 99.5 % of all its vCPUs for 15 minutes.`,
    },
  },
  {
    alert: "OieInstanceCpuSaturated",
    series: { [series("oie_cpu_percent", INSTANCE)]: "99x7 50 99x20" },
    at: "15m",
  },
  {
    // Of two vCPUs: 18 s of the 120 s that they have in a minute.
    alert: "OieInstanceSteal",
    series: {
      [series("oie_cpu_steal_seconds_total", INSTANCE)]: "0+18x60",
      [series("oie_cpu_vcpus", INSTANCE)]: "2x60",
    },
    at: "50m",
    firing: {
      labels: { ...INSTANCE, severity: "warning" },
      summary: "instance-00000001 waits for CPUs of its host.",
      description: `${WHO}: each of its vCPUs waits 15% of the time, for 30 minutes.`,
    },
  },
  {
    // As much, of four.
    alert: "OieInstanceSteal",
    series: {
      [series("oie_cpu_steal_seconds_total", INSTANCE)]: "0+18x60",
      [series("oie_cpu_vcpus", INSTANCE)]: "4x60",
    },
    at: "50m",
  },
  ...(["r", "w"] as const).flatMap((direction): AlertCase[] => {
    const [alert, verb] = direction === "r"
      ? ["OieDiskReadsAboveThreshold", "reads"]
      : ["OieDiskWritesAboveThreshold", "writes"];
    const requests = series(`oie_disk_${direction}_requests`, DISK);
    const threshold = series(`oie_disk_${direction}_alert_threshold`, DISK);
    return [
      {
        alert,
        series: { [requests]: "0+12000x30", [threshold]: "100x30" },
        at: "20m",
        firing: {
          labels: { ...DISK, severity: "warning" },
          summary: `instance-00000001 ${verb} vda above the threshold of its tier.`,
          description: `${WHO}: 200 requests a second to disk d-1 (tier ssd).`,
        },
      },
      { alert, series: { [requests]: "0+12000x30", [threshold]: "250x30" }, at: "20m" },
    ];
  }),
  {
    alert: "OieInstanceNetworkErrors",
    series: {
      [series("oie_net_rx_er_total", VNIC)]: "5x30",
      [series("oie_net_tx_er_total", VNIC)]: "0+120x30",
    },
    at: "20m",
    firing: {
      labels: { ...VNIC, severity: "warning" },
      summary: "vNIC tap1 of instance-00000001 has errors.",
      description: `${WHO}: 2 packets a second fail.`,
    },
  },
  {
    alert: "OieInstanceNetworkErrors",
    series: { [series("oie_net_rx_er_total", VNIC)]: "0+50x30" },
    at: "20m",
  },
  {
    alert: "OieInstanceNetworkDrops",
    series: { [series("oie_net_rx_drp_total", VNIC)]: "0+1200x40" },
    at: "25m",
    firing: {
      labels: { ...VNIC, severity: "info" },
      summary: "vNIC tap1 of instance-00000001 drops packets.",
      description: `${WHO}: 20 packets a second are dropped.`,
    },
  },
  {
    alert: "OieInstanceNetworkDrops",
    series: { [series("oie_net_tx_drp_total", VNIC)]: "0+500x40" },
    at: "25m",
  },
  {
    alert: "OieOutboundFanOut",
    series: { [series("oie_outbound_unique_remotes", FIXED_IP)]: "2500x20" },
    at: "10m",
    firing: {
      labels: { ...FIXED_IP, severity: "warning" },
      summary: "instance-00000001 talks to very many addresses.",
      description: `${WHO}: 10.0.0.1 has flows to 2500 remote addresses at once.`,
    },
  },
  {
    alert: "OieOutboundFanOut",
    series: { [series("oie_outbound_unique_remotes", FIXED_IP)]: "1000x20" },
    at: "10m",
  },
  {
    alert: "OieOutboundNewRemotes",
    series: { [series("oie_outbound_new_remotes", FIXED_IP)]: "400x20" },
    at: "10m",
    firing: {
      labels: { ...FIXED_IP, severity: "warning" },
      summary: "instance-00000001 turns to new addresses all the time.",
      description: `${WHO}: 10.0.0.1 turned to 400 new remote addresses in each interval.`,
    },
  },
  {
    // The first interval after a start, in which every remote is new.
    alert: "OieOutboundNewRemotes",
    series: { [series("oie_outbound_new_remotes", FIXED_IP)]: "5000 10x20" },
    at: "10m",
  },
  {
    alert: "OieOutboundManyPorts",
    series: { [series("oie_outbound_unique_dst_ports", FIXED_IP)]: "900x20" },
    at: "6m",
    firing: {
      labels: { ...FIXED_IP, severity: "warning" },
      summary: "instance-00000001 talks to very many ports.",
      description:
        `${WHO}: 10.0.0.1 has flows to 900 destination ports at once, as a port scan does.`,
    },
  },
  {
    alert: "OieOutboundManyPorts",
    series: { [series("oie_outbound_unique_dst_ports", FIXED_IP)]: "500x20" },
    at: "6m",
  },
  ...THREAT_LISTS.flatMap(({ name: list, title, refresh }): AlertCase[] => [
    {
      alert: "OieThreatListStale",
      series: { [series(`oie_${list}_refresh_last_success_timestamp_seconds`)]: "-90000x60" },
      at: "15m",
      firing: {
        labels: { hypervisor: "node1", list, severity: "warning" },
        summary: `The list "${title}" on node1 is old.`,
        description:
          `It was read well 1d 1h 15m 0s ago, and should be every ${refresh}. It is matched as it was then.`,
      },
    },
    {
      alert: "OieThreatListStale",
      series: { [series(`oie_${list}_refresh_last_success_timestamp_seconds`)]: "0x60" },
      at: "40m",
    },
    {
      alert: "OieThreatListNeverRead",
      series: { [series(`oie_${list}_refresh_errors_total`)]: "0+1x60" },
      at: "40m",
      firing: {
        labels: { ...TARGET, list, severity: "warning" },
        summary: `The list "${title}" on node1 was never read.`,
        description:
          "Since it started, node1:9120 has read it 40 times in vain. Contacts with it are not seen.",
      },
    },
    {
      alert: "OieThreatListNeverRead",
      series: {
        [series(`oie_${list}_refresh_errors_total`)]: "0+1x60",
        [series(`oie_${list}_refresh_last_success_timestamp_seconds`)]: "0x60",
      },
      at: "40m",
    },
    {
      // Born with three contacts at once, and nothing afterwards.
      alert: "OieThreatContact",
      series: { [series(`oie_${list}_contact`, CONTACT)]: "_x20 3x60" },
      at: "25m",
      firing: {
        labels: { ...withoutOwner(CONTACT), list, severity: "warning" },
        summary: `instance-00000001 has contact with addresses of the list ${list}.`,
        description: `${WHO}: contacts within 15 minutes (direction out): 3.`,
      },
    },
    {
      alert: "OieThreatContact",
      series: { [series(`oie_${list}_contact`, CONTACT)]: "_x20 3x60" },
      at: "60m",
    },
  ]),
  {
    // A contact of an instance that had some before.
    alert: "OieThreatContact",
    series: { [series("oie_spamhaus_contact", CONTACT)]: "3x40 4x60" },
    at: "45m",
    firing: {
      labels: { ...withoutOwner(CONTACT), list: "spamhaus", severity: "warning" },
      summary: "instance-00000001 has contact with addresses of the list spamhaus.",
      description: `${WHO}: contacts within 15 minutes (direction out): 1.`,
    },
  },
  {
    alert: "OieHostListed",
    series: { [series("oie_host_threat_listed", LISTED)]: "1x20" },
    at: "6m",
    firing: {
      labels: { ...LISTED, severity: "critical" },
      summary: "An address of node1 is on the list spamhaus.",
      description:
        "192.0.2.7 is listed: others may refuse what it sends, and an instance behind it may be the reason.",
    },
  },
  {
    alert: "OieHostListed",
    series: { [series("oie_host_threat_listed", LISTED)]: "1 1 1 _x20" },
    at: "10m",
  },
];
