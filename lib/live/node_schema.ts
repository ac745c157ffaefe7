import { flag, known, list, number, object, orNull, text, type ValueOf, word } from "./schema.ts";
import { SUMS } from "./sums.ts";

/** Counts up when a field goes or changes its meaning; a new field alone does not change it. */
export const SCHEMA_VERSION = 1;

const perSecond = (what: string) => known(`${what} a second, between the two newest readings`);

/** One disk of an instance. */
const DISK = object({
  device: text("Target device, such as vda"),
  uuid: text("Cinder volume id, or the best name that the source gives"),
  tier: text("local, the name of a pool, block or unknown"),
  read_bytes_per_second: perSecond("Bytes read"),
  write_bytes_per_second: perSecond("Bytes written"),
  read_requests_per_second: perSecond("Reads"),
  write_requests_per_second: perSecond("Writes"),
  read_threshold: number("Reads a second above which the disk is over its tier's threshold"),
  write_threshold: number("Writes a second above which the disk is over its tier's threshold"),
});

/** One virtual network interface of an instance. */
const VNIC = object({
  interface: text("Device on the host, such as tap6b4cb242-4a"),
  rx_bits_per_second: perSecond("Bits received"),
  tx_bits_per_second: perSecond("Bits sent"),
  rx_packets_per_second: perSecond("Packets received"),
  tx_packets_per_second: perSecond("Packets sent"),
  drops_per_second: perSecond("Packets dropped, both ways,"),
  errors_per_second: perSecond("Errors, both ways,"),
});

/** Whom a fixed IP talks to, as counts. */
const OUTBOUND = object({
  unique_remotes: known("Remotes"),
  new_remotes: known("Remotes that the interval before did not have"),
  flows: known("Flows that the fixed IP opened"),
  max_flows_single_remote: known("Most flows to one remote"),
  unique_dst_ports: known("Destination ports"),
  new_dst_ports: known("Destination ports that the interval before did not have"),
  max_flows_single_dst_port: known("Most flows to one destination port"),
}, "Outbound behaviour; null where it is off");

/** One fixed IP of an instance; whatever its activity. */
const FIXED_IP = object({
  ip: text("Canonical text"),
  family: word(["ipv4", "ipv6"], "Address family"),
  flows: known("Conntrack entries in either direction"),
  outbound: orNull(OUTBOUND),
});

/** Contacts of an instance with one list that it ever had contact with. */
const THREAT = object({
  list: text("The list, by its name in metrics"),
  direction: word(["out", "in", "any"], "Direction of the contacts that count"),
  active: number("Contacts in the newest interval"),
  total: number("Contacts since the exporter started"),
});

/** What can be too much of an instance. */
export const MARKS = ["disk_read", "disk_write", "conntrack", "threat"] as const;

const OWNER = (whose: string) =>
  object({ uuid: text("UUID"), name: text("Name") }, `The ${whose}, empty where Nova says none`);

const INSTANCE = object({
  uuid: text("UUID of the instance"),
  domain: text("libvirt's name"),
  name: text("The name that its owner gave it, empty where Nova says none"),
  project: OWNER("project"),
  user: OWNER("user"),
  flavor: text("Name of the flavor"),
  root_type: text("image, volume or empty"),
  created_at: text("Time of creation, as Nova wrote it"),
  metadata_version: text("Version of Nova that wrote the metadata"),
  vcpus: known("vCPUs that are plugged in"),
  memory_bytes: known("Memory of the guest now"),
  cpu_percent: known("Use of all its vCPUs, 0 to 100"),
  sum: object(
    SUMS,
    "All its disks, vNICs, fixed IPs and lists together; what is not known adds nothing",
  ),
  disks: list(DISK, "Its disks"),
  vnics: list(VNIC, "Its virtual network interfaces"),
  fixed_ips: list(FIXED_IP, "Its fixed IPs"),
  threats: list(THREAT, "The lists that it had contact with"),
  over: list(
    word(MARKS, "What is over: disk thresholds, the share of the conntrack table, a contact"),
    "What asks for attention: disk_read and disk_write where a disk is over its threshold, " +
      "conntrack where the instance has a tenth of what the table can hold, " +
      "threat where a contact is active",
  ),
});

const COLLECTOR = object({
  name: text("As in oie_collector_success"),
  success: flag("Whether it could read what it needs and failed for no instance"),
  duration_seconds: number("Time it took"),
});

const FEED = object({
  list: text("The list, by its name in metrics"),
  entries: number("Addresses and prefixes that are matched"),
  errors_total: number("Refreshes that failed since the start"),
  last_success_at: known("When it was last known to hold, in seconds since 1970"),
  duration_seconds: known("Time that the newest refresh took"),
});

/** The answer of `/api/v1/node`. */
export const NODE = object({
  schema: number(`Version of this description: ${SCHEMA_VERSION}`),
  node: text("Name of the host"),
  exporter: object({
    version: text("Version"),
    revision: text("Commit, or source"),
    started_at: number("When it started, in seconds since 1970"),
  }, "The exporter"),
  cycle: object({
    interval_seconds: number("Time from one cycle to the next"),
    lifetime_seconds: number("Age at which data is no longer served"),
    collected_at: known("When the newest complete cycle ended, in seconds since 1970"),
    duration_seconds: known("Time that the newest cycle took"),
    lag_seconds: known("How late the newest cycle began"),
    skipped_total: number("Cycles skipped since the start"),
    errors_total: number("Errors of collection since the start"),
  }, "The newest cycle"),
  libvirt: object({
    up: flag("Whether the newest cycle could list domains"),
    list_seconds: known("Time that the listing took"),
    domain_errors_total: number("Domains that could not be used, since the start"),
  }, "libvirt"),
  conntrack: object({
    up: flag("Whether the newest dump was read to its end"),
    entries: known("Entries, as the kernel counts them"),
    max: known("Entries that the kernel allows"),
    fill_percent: known("Share of the table that is used, 0 to 100"),
    over: flag("Whether the table is 80 % full or more"),
    read_seconds: known("Time that the dump took"),
    read_errors_total: number("Dumps that failed since the start"),
    ambiguous_fixed_ips: known("Fixed IPs that more than one instance owns"),
  }, "The connection tracking table"),
  totals: object({
    instances: known("Active instances"),
    vcpus: known("vCPUs of them"),
    memory_bytes: known("Memory of them"),
  }, "The host's guests"),
  collectors: list(COLLECTOR, "How each collector fared in the newest cycle"),
  feeds: list(FEED, "How each threat list stands"),
  listed_host_addresses: list(
    object({
      list: text("The list"),
      ip: text("Address of this host"),
      family: word(["ipv4", "ipv6"], "Address family"),
    }),
    "Addresses of this host itself that are on a list",
  ),
  instances: list(INSTANCE, "Every instance, idle ones too, in libvirt's order"),
});

export type NodeSnapshot = ValueOf<typeof NODE>;
export type InstanceSnapshot = ValueOf<typeof INSTANCE>;
export type DiskSnapshot = ValueOf<typeof DISK>;
export type VnicSnapshot = ValueOf<typeof VNIC>;
export type OutboundSnapshot = ValueOf<typeof OUTBOUND>;
export type FixedIpSnapshot = ValueOf<typeof FIXED_IP>;
export type ThreatSnapshot = ValueOf<typeof THREAT>;
export type Mark = (typeof MARKS)[number];
