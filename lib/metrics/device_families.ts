import { family, type MetricType } from "./family.ts";
import { DISK, NETWORK } from "./instance_families.ts";

const BULK = "while libvirt gives it";
const DISK_ACTIVE =
  "once the disk did any I/O since its domain started, while libvirt gives it (QEMU does)";

function disk(name: string, type: MetricType, exported: string, help: string) {
  const since = type === "counter" ? "domain" : undefined;
  return family({ name, type, help, labels: DISK.info.labels, exported, since });
}

/** Time and flushes of one disk; labels are those of its other families. */
export const DISK_TIME = {
  read: disk(
    "oie_disk_read_seconds_total",
    "counter",
    DISK_ACTIVE,
    "Time of all read requests to the disk since the domain started, summed, in seconds.",
  ),
  write: disk(
    "oie_disk_write_seconds_total",
    "counter",
    DISK_ACTIVE,
    "Time of all write requests to the disk since the domain started, summed, in seconds.",
  ),
  flush: disk(
    "oie_disk_flush_seconds_total",
    "counter",
    DISK_ACTIVE,
    "Time of all flush requests to the disk since the domain started, summed, in seconds.",
  ),
  flushRequests: disk(
    "oie_disk_flush_requests_total",
    "counter",
    DISK_ACTIVE,
    "Flush requests to the disk since the domain started.",
  ),
} as const;

/** Sizes of one disk. */
export const DISK_SIZE = {
  capacity: disk(
    "oie_disk_capacity_bytes",
    "gauge",
    BULK,
    "Size of the disk as the guest sees it, in bytes.",
  ),
  allocation: disk(
    "oie_disk_allocation_bytes",
    "gauge",
    BULK,
    "Highest offset that was written since QEMU opened the disk, in bytes; libvirt calls it allocation.",
  ),
  physical: disk(
    "oie_disk_physical_bytes",
    "gauge",
    BULK,
    "What the disk's file takes up on the host, or the size of the block device behind it, in bytes.",
  ),
} as const;

/** What a vNIC is; `port_uuid` is Neutron's port. */
export const NETWORK_INFO = family({
  name: "oie_net_info",
  type: "gauge",
  help: "Address, bridge, model, Neutron port and MTU of a vNIC; the value is always 1.",
  labels: [...NETWORK.rxGbytes.labels, "mac", "bridge", "model", "port_uuid", "mtu"],
  exported:
    "always, one for each vNIC that is a device of the host, so of none by SR-IOV; what the XML does not say is an empty label",
});
