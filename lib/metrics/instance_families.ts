import { family } from "./family.ts";

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
const EACH_DISK = "always, one for each disk";
const DISK_ACTIVE =
  "once any of the disk's four counters is above zero, then while the domain runs";
const NETWORK_ACTIVE = "once the counter is above zero, then while the domain runs";

function diskFamily(
  name: string,
  type: "gauge" | "counter",
  exported: string,
  help: string,
) {
  return family({ name, type, help, labels: DISK_LABELS, exported });
}

function networkCounter(name: string, help: string) {
  return family({ name, type: "counter", help, labels: NETWORK_LABELS, exported: NETWORK_ACTIVE });
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
});

/** Families of one disk; all have the same labels. */
export const DISK = {
  info: diskFamily("oie_disk_info", "gauge", EACH_DISK, "Disk of an instance; always 1."),
  readThreshold: diskFamily(
    "oie_disk_r_alert_threshold",
    "gauge",
    EACH_DISK,
    "Read alert threshold of the disk's tier, as configured.",
  ),
  writeThreshold: diskFamily(
    "oie_disk_w_alert_threshold",
    "gauge",
    EACH_DISK,
    "Write alert threshold of the disk's tier, as configured.",
  ),
  readGbytes: diskFamily(
    "oie_disk_r_gbytes",
    "counter",
    DISK_ACTIVE,
    "Data read from the disk since the domain started, in GiB (2^30 bytes).",
  ),
  writeGbytes: diskFamily(
    "oie_disk_w_gbytes",
    "counter",
    DISK_ACTIVE,
    "Data written to the disk since the domain started, in GiB (2^30 bytes).",
  ),
  readRequests: diskFamily(
    "oie_disk_r_requests",
    "counter",
    DISK_ACTIVE,
    "Read requests to the disk since the domain started.",
  ),
  writeRequests: diskFamily(
    "oie_disk_w_requests",
    "counter",
    DISK_ACTIVE,
    "Write requests to the disk since the domain started.",
  ),
} as const;

/** Counters of one vNIC, as libvirt counts them: received and sent by the guest. */
export const NETWORK = {
  rxGbytes: networkCounter("oie_net_rx_gbytes", "Data received by the vNIC, in GiB (2^30 bytes)."),
  txGbytes: networkCounter("oie_net_tx_gbytes", "Data sent by the vNIC, in GiB (2^30 bytes)."),
  rxPackets: networkCounter("oie_net_rx_pkt_total", "Packets received by the vNIC."),
  txPackets: networkCounter("oie_net_tx_pkt_total", "Packets sent by the vNIC."),
  rxErrors: networkCounter("oie_net_rx_er_total", "Receive errors of the vNIC."),
  txErrors: networkCounter("oie_net_tx_er_total", "Send errors of the vNIC."),
  rxDrops: networkCounter("oie_net_rx_drp_total", "Packets dropped on receive by the vNIC."),
  txDrops: networkCounter("oie_net_tx_drp_total", "Packets dropped on send by the vNIC."),
} as const;
