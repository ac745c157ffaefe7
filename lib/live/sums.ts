import { known } from "./schema.ts";

/** What is added up for each instance. */
export const SUMS = {
  read_bytes_per_second: known("Bytes read from its disks a second"),
  write_bytes_per_second: known("Bytes written to its disks a second"),
  read_requests_per_second: known("Reads of its disks a second"),
  write_requests_per_second: known("Writes of its disks a second"),
  rx_bits_per_second: known("Bits received a second"),
  tx_bits_per_second: known("Bits sent a second"),
  rx_packets_per_second: known("Packets received a second"),
  tx_packets_per_second: known("Packets sent a second"),
  flows: known("Conntrack entries of its fixed IPs"),
  active_contacts: known("Contacts with listed addresses in the newest interval"),
} as const;
