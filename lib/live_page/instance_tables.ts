/// <reference lib="dom" />
import type { InstanceSnapshot } from "../live/node_schema.ts";
import { count, type Quantity, scaled, written } from "./quantity.ts";
import { type ValueCell, ValueTable } from "./value_table.ts";

/** The tables of what belongs to one instance. */
export class InstanceTables {
  readonly #disks = new ValueTable("Disks", [
    { title: "Device" },
    { title: "Tier" },
    { title: "Read", isNumber: true },
    { title: "Written", isNumber: true },
    { title: "Reads", isNumber: true },
    { title: "Writes", isNumber: true },
    { title: "Volume", isLong: true },
  ], "It has no disk.");
  readonly #vnics = new ValueTable("vNICs", [
    { title: "Interface" },
    { title: "Received", isNumber: true },
    { title: "Sent", isNumber: true },
    { title: "Packets in", isNumber: true },
    { title: "Packets out", isNumber: true },
    { title: "Drops", isNumber: true },
    { title: "Errors", isNumber: true },
  ], "It has no vNIC.");
  readonly #fixedIps = new ValueTable("Fixed IPs", [
    { title: "Address" },
    { title: "Flows", isNumber: true },
    { title: "Opened", isNumber: true },
    { title: "Remotes", isNumber: true },
    { title: "New remotes", isNumber: true },
    { title: "Ports", isNumber: true },
    { title: "New ports", isNumber: true },
    { title: "Most to one remote", isNumber: true },
    { title: "Most to one port", isNumber: true },
  ], "Nova names no fixed IP of it.");
  readonly #threats = new ValueTable("Contacts with listed addresses", [
    { title: "List" },
    { title: "Direction" },
    { title: "Now", isNumber: true },
    { title: "Since the start", isNumber: true },
  ], "None so far.");

  /** In the order in which they stand. */
  get roots(): readonly HTMLElement[] {
    return [this.#disks, this.#vnics, this.#fixedIps, this.#threats].map(({ root }) => root);
  }

  /** Shows the newest numbers; `hasLists` tells whether any threat list is on. */
  update({ disks, vnics, fixed_ips, threats }: InstanceSnapshot, hasLists: boolean): void {
    this.#disks.update(disks.map((disk) => [
      { text: disk.device },
      { text: disk.tier },
      cell(scaled(disk.read_bytes_per_second, "B/s")),
      cell(scaled(disk.write_bytes_per_second, "B/s")),
      requests(disk.read_requests_per_second, disk.read_threshold),
      requests(disk.write_requests_per_second, disk.write_threshold),
      { text: disk.uuid },
    ]));
    this.#vnics.update(vnics.map((vnic) => [
      { text: vnic.interface },
      cell(scaled(vnic.rx_bits_per_second, "bit/s")),
      cell(scaled(vnic.tx_bits_per_second, "bit/s")),
      cell(scaled(vnic.rx_packets_per_second, "/s")),
      cell(scaled(vnic.tx_packets_per_second, "/s")),
      cell(scaled(vnic.drops_per_second, "/s")),
      cell(scaled(vnic.errors_per_second, "/s")),
    ]));
    this.#fixedIps.update(fixed_ips.map(({ ip, flows, outbound }) => [
      { text: ip },
      cell(count(flows)),
      ...[
        outbound?.flows,
        outbound?.unique_remotes,
        outbound?.new_remotes,
        outbound?.unique_dst_ports,
        outbound?.new_dst_ports,
        outbound?.max_flows_single_remote,
        outbound?.max_flows_single_dst_port,
      ].map((value) => cell(count(value ?? null))),
    ]));
    this.#threats.root.hidden = !hasLists;
    this.#threats.update(threats.map(({ list, direction, active, total }) => [
      { text: list },
      { text: direction },
      { text: written(count(active)), mark: active > 0 ? "listed" : undefined },
      cell(count(total)),
    ]));
  }
}

function cell(quantity: Quantity): ValueCell {
  return { text: written(quantity) };
}

function requests(rate: number | null, threshold: number): ValueCell {
  const text = written(scaled(rate, "/s"));
  return rate !== null && rate > threshold
    ? { text, mark: `over ${written(scaled(threshold, ""))}` }
    : { text };
}
