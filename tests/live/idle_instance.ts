import type { InstanceSnapshot } from "../../lib/live/node_schema.ts";

/** An instance that does nothing, all but what tells it from others. */
export const IDLE = {
  flavor: "m1.small",
  root_type: "image",
  vcpus: 2,
  cpu_percent: 0,
  sum: {
    read_bytes_per_second: 0,
    write_bytes_per_second: 0,
    read_requests_per_second: 0,
    write_requests_per_second: 0,
    rx_bits_per_second: 0,
    tx_bits_per_second: 0,
    rx_packets_per_second: 0,
    tx_packets_per_second: 0,
    flows: 0,
    active_contacts: 0,
  },
  disks: [],
  vnics: [],
  fixed_ips: [],
  threats: [],
  over: [],
} as const satisfies Partial<InstanceSnapshot>;
