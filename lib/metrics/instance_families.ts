import { type Convention, family } from "./family.ts";

const INFO_LABELS = [
  "domain",
  "instance_uuid",
  "project_uuid",
  "project_name",
  "user_uuid",
  "user_name",
  "flavor",
  "vcpus",
  "mem_mb",
  "root_type",
  "created_at",
  "metadata_version",
] as const;

const CPU_LABELS = ["domain", "instance_uuid", "user_uuid", "project_uuid"] as const;

const DISK_LABELS = [
  "domain",
  "instance_uuid",
  "user_uuid",
  "project_uuid",
  "disk_uuid",
  "disk_type",
  "disk_path",
] as const;

const NETWORK_LABELS = [
  "domain",
  "interface",
  "instance_uuid",
  "user_uuid",
  "project_uuid",
] as const;

const ALWAYS = "always, one for each active domain";
const EACH_DISK = 'always, one for each `device="disk"` of the domain: of no CD, floppy or LUN';
const DISK_ACTIVE =
  "once any of the disk's four counters is above zero, then while the domain runs";
const NETWORK_ACTIVE = "once the counter is above zero, then while the domain runs";

function diskGauge(name: string, help: string, convention?: Convention) {
  const exported = EACH_DISK;
  return family({ name, type: "gauge", help, labels: DISK_LABELS, exported, convention });
}

function diskCounter(name: string, help: string, convention: Convention) {
  return family({
    name,
    type: "counter",
    help,
    labels: DISK_LABELS,
    exported: DISK_ACTIVE,
    convention,
    since: "domain",
  });
}

function networkCounter(name: string, help: string, convention: Convention) {
  return family({
    name,
    type: "counter",
    help,
    labels: NETWORK_LABELS,
    exported: NETWORK_ACTIVE,
    convention,
    since: "domain",
  });
}

/** What the instance is and whom it belongs to. */
export const INSTANCE_INFO = family({
  name: "oie_instance_info",
  type: "gauge",
  help: "Identity of an active domain from libvirt and Nova's metadata; the value is always 1.",
  labels: INFO_LABELS,
  exported: ALWAYS,
});

export const CPU_PERCENT = family({
  name: "oie_cpu_percent",
  type: "gauge",
  help:
    "CPU used between the two newest readings, in percent of all vCPUs of the instance (0-100).",
  labels: CPU_LABELS,
  exported: "from the second reading on, at or above `-cpu.min`, and once after falling below it",
  convention: {
    name: "oie_cpu_usage_ratio",
    help:
      "CPU used between the two newest readings, as a share of all vCPUs of the instance (0 to 1).",
    conversion: "percent",
  },
});

/** Families of one disk; all have the same labels. */
export const DISK = {
  info: diskGauge("oie_disk_info", "Disk of an instance; always 1."),
  readThreshold: diskGauge(
    "oie_disk_r_alert_threshold",
    "Read alert threshold of the disk's tier, as configured.",
    { name: "oie_disk_read_alert_threshold" },
  ),
  writeThreshold: diskGauge(
    "oie_disk_w_alert_threshold",
    "Write alert threshold of the disk's tier, as configured.",
    { name: "oie_disk_write_alert_threshold" },
  ),
  readGbytes: diskCounter(
    "oie_disk_r_gbytes",
    "Data read from the disk since the domain started, in GiB (2^30 bytes).",
    {
      name: "oie_disk_read_bytes_total",
      help: "Bytes read from the disk since the domain started.",
      conversion: "gbytes",
    },
  ),
  writeGbytes: diskCounter(
    "oie_disk_w_gbytes",
    "Data written to the disk since the domain started, in GiB (2^30 bytes).",
    {
      name: "oie_disk_write_bytes_total",
      help: "Bytes written to the disk since the domain started.",
      conversion: "gbytes",
    },
  ),
  readRequests: diskCounter(
    "oie_disk_r_requests",
    "Read requests to the disk since the domain started.",
    { name: "oie_disk_read_requests_total" },
  ),
  writeRequests: diskCounter(
    "oie_disk_w_requests",
    "Write requests to the disk since the domain started.",
    { name: "oie_disk_write_requests_total" },
  ),
} as const;

/** Counters of one vNIC, as libvirt counts them: received and sent by the guest. */
export const NETWORK = {
  rxGbytes: networkCounter("oie_net_rx_gbytes", "Data received by the vNIC, in GiB (2^30 bytes).", {
    name: "oie_net_receive_bytes_total",
    help: "Bytes received by the vNIC.",
    conversion: "gbytes",
  }),
  txGbytes: networkCounter("oie_net_tx_gbytes", "Data sent by the vNIC, in GiB (2^30 bytes).", {
    name: "oie_net_transmit_bytes_total",
    help: "Bytes sent by the vNIC.",
    conversion: "gbytes",
  }),
  rxPackets: networkCounter("oie_net_rx_pkt_total", "Packets received by the vNIC.", {
    name: "oie_net_receive_packets_total",
  }),
  txPackets: networkCounter("oie_net_tx_pkt_total", "Packets sent by the vNIC.", {
    name: "oie_net_transmit_packets_total",
  }),
  rxErrors: networkCounter("oie_net_rx_er_total", "Receive errors of the vNIC.", {
    name: "oie_net_receive_errors_total",
  }),
  txErrors: networkCounter("oie_net_tx_er_total", "Send errors of the vNIC.", {
    name: "oie_net_transmit_errors_total",
  }),
  rxDrops: networkCounter("oie_net_rx_drp_total", "Packets dropped on receive by the vNIC.", {
    name: "oie_net_receive_drops_total",
  }),
  txDrops: networkCounter("oie_net_tx_drp_total", "Packets dropped on send by the vNIC.", {
    name: "oie_net_transmit_drops_total",
  }),
} as const;
