import type { DiskStats } from "../../ffi/domain_stats.ts";
import { DISK } from "../metrics/instance_families.ts";
import { DISK_SIZE, DISK_TIME } from "../metrics/device_families.ts";
import type { Collector } from "./collector.ts";
import { diskValues } from "./disk_values.ts";
import { gibibytes, seconds } from "./units.ts";

/** Bytes and requests of each disk that ever did any since its domain started. */
export const DISK_IO: Collector = {
  name: "disk_io",
  families: [DISK.readGbytes, DISK.writeGbytes, DISK.readRequests, DISK.writeRequests],
  start: () =>
    diskValues([
      { family: DISK.readGbytes, read: ({ readBytes }) => gibibytes(readBytes) },
      { family: DISK.writeGbytes, read: ({ writeBytes }) => gibibytes(writeBytes) },
      { family: DISK.readRequests, read: ({ readRequests }) => readRequests },
      { family: DISK.writeRequests, read: ({ writeRequests }) => writeRequests },
    ], isActive),
};

/** Time of requests and flushes of each disk, from its first request on as {@link DISK_IO}. */
export const DISK_LATENCY: Collector = {
  name: "disk_time",
  families: Object.values(DISK_TIME),
  start: () =>
    diskValues([
      { family: DISK_TIME.read, read: ({ readNs }) => seconds(readNs) },
      { family: DISK_TIME.write, read: ({ writeNs }) => seconds(writeNs) },
      { family: DISK_TIME.flush, read: ({ flushNs }) => seconds(flushNs) },
      { family: DISK_TIME.flushRequests, read: ({ flushRequests }) => flushRequests },
    ], isActive),
};

/** Sizes of each disk. */
export const DISK_SIZES: Collector = {
  name: "disk_size",
  families: Object.values(DISK_SIZE),
  start: () =>
    diskValues([
      { family: DISK_SIZE.capacity, read: ({ capacityBytes }) => capacityBytes },
      { family: DISK_SIZE.allocation, read: ({ allocationBytes }) => allocationBytes },
      { family: DISK_SIZE.physical, read: ({ physicalBytes }) => physicalBytes },
    ]),
};

/** The specification's gate: any of the four counters is above zero. */
function isActive({ readBytes, readRequests, writeBytes, writeRequests }: DiskStats): boolean {
  return [readBytes, readRequests, writeBytes, writeRequests].some((counter) => counter);
}
