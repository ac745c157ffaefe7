import type { InstanceSnapshot } from "../../lib/live/node_schema.ts";

/** An instance that does nothing, with some of it changed. */
export function instance(change: Partial<InstanceSnapshot> & { uuid: string }): InstanceSnapshot {
  return {
    domain: "instance-00000001",
    name: "quiet",
    project: { uuid: "p-1", name: "shop" },
    user: { uuid: "u-1", name: "mara" },
    flavor: "m1.small",
    root_type: "image",
    created_at: "2026-01-01 00:00:00",
    metadata_version: "30.0.0",
    vcpus: 2,
    memory_bytes: 2 ** 30,
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
    ...change,
  };
}
