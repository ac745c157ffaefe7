import { COLLECTOR_FLAGS } from "./collector_flags.ts";
import type { FlagRow } from "./flag_row.ts";
import { THREAT_FLAGS } from "./threat_flags.ts";

/** Every flag, in the order of the usage text; rows of a group stand together. */
export const FLAGS = [
  {
    group: "Web and libvirt",
    name: "web.listen-address",
    kind: "listenAddresses",
    default: "0.0.0.0:9120",
    help: "Address to serve on: host:port, :port or [::1]:port, several separated by commas",
  },
  {
    group: "Web and libvirt",
    name: "web.telemetry-path",
    kind: "route",
    default: "/metrics",
    help: "Path of the metrics",
  },
  {
    group: "Web and libvirt",
    name: "libvirt.uri",
    kind: "uri",
    default: "qemu:///system",
    help: "libvirt connection to read from; it is opened read-only",
  },
  {
    group: "Collection and caches",
    name: "collection.interval",
    kind: "interval",
    default: "10s",
    help: "Time from the start of one cycle to the start of the next, at least 200ms",
  },
  {
    group: "Collection and caches",
    name: "dynamic.cache.expiration",
    kind: "lifetime",
    default: "10s",
    help: "How long an instance's series outlive their last good reading, at least two intervals",
  },
  {
    group: "Collection and caches",
    name: "static.cache.expiration",
    kind: "lifetime",
    default: "1h",
    help: "How long other cached series outlive their last good reading; host health stays",
  },
  {
    group: "Names",
    name: "metrics.names",
    kind: "naming",
    default: "oie",
    help: "Names of the metrics: oie, prometheus (by its conventions) or both",
  },
  {
    group: "Suppression",
    name: "cpu.min",
    kind: "decimal",
    default: "10.0",
    help: "Least CPU use in percent for which an instance's CPU series is exported",
  },
  {
    group: "Suppression",
    name: "conntrack.min",
    kind: "count",
    default: "20",
    help: "Least activity of a fixed IP in an interval for which its flow series are exported",
  },
  {
    group: "Disk thresholds",
    name: "default.read.threshold",
    kind: "decimal",
    default: "100",
    help: "Read threshold of disks whose tier has none and where the list has no default",
  },
  {
    group: "Disk thresholds",
    name: "default.write.threshold",
    kind: "decimal",
    default: "100",
    help: "Write threshold of disks whose tier has none and where the list has no default",
  },
  {
    group: "Disk thresholds",
    name: "read.thresholds",
    kind: "thresholds",
    default: "",
    help: "Read thresholds by disk tier, such as default:500,local:200,ultra:2500",
  },
  {
    group: "Disk thresholds",
    name: "write.thresholds",
    kind: "thresholds",
    default: "",
    help: "Write thresholds by disk tier, such as default:500,local:200,ultra:2500",
  },
  {
    group: "Outbound behaviour",
    name: "outbound.behavior.enable",
    kind: "boolean",
    default: "false",
    help: "Export how many remotes, ports and flows each fixed IP reaches",
  },
  ...COLLECTOR_FLAGS,
  ...THREAT_FLAGS,
  {
    group: "Logging",
    name: "log.level",
    kind: "logLevel",
    default: "info",
    help: "Least severe level that is written",
  },
  {
    group: "Logging",
    name: "log.format",
    kind: "logFormat",
    default: "logfmt",
    help: "Form of a line",
  },
  {
    group: "Logging",
    name: "log.file.enable",
    kind: "boolean",
    default: "false",
    help: "Write the log to a file too; SIGHUP opens it anew",
  },
  {
    group: "Logging",
    name: "log.file.path",
    kind: "path",
    default: "/var/log/openstack_instance_exporter.log",
    help: "The log file",
  },
  {
    group: "Program",
    name: "version",
    kind: "boolean",
    default: "false",
    help: "Print the version and exit",
  },
] as const satisfies readonly FlagRow[];

export type FlagName = (typeof FLAGS)[number]["name"];
