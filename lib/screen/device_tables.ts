import type { InstanceSnapshot } from "../live/node_schema.ts";
import { fit, type Side, widthOf } from "./fit.ts";
import { type Line, type Span, span } from "./line.ts";
import { count, short } from "./quantities.ts";

interface Table {
  /** Those that end with a colon stand on the left, numbers on the right. */
  readonly headings: readonly string[];
  /** Said where there are no rows. */
  readonly none: string;
  readonly rows: readonly (readonly Span[])[];
}

/** The disks, vNICs, fixed IPs and threat lists of an instance, each a table with headings. */
export function deviceTables(instance: InstanceSnapshot): readonly (readonly Line[])[] {
  return [disks(instance), vnics(instance), fixedIps(instance), threats(instance)].map(tableLines);
}

function disks({ disks }: InstanceSnapshot): Table {
  return {
    headings: ["DISK:", "TIER:", "R B/S", "W B/S", "READS/S", "OF", "WRITES/S", "OF", "VOLUME:"],
    none: "No disk",
    rows: disks.map((disk) => [
      span(disk.device),
      span(disk.tier),
      span(short(disk.read_bytes_per_second)),
      span(short(disk.write_bytes_per_second)),
      against(disk.read_requests_per_second, disk.read_threshold),
      span(short(disk.read_threshold), "dim"),
      against(disk.write_requests_per_second, disk.write_threshold),
      span(short(disk.write_threshold), "dim"),
      span(disk.uuid),
    ]),
  };
}

function vnics({ vnics }: InstanceSnapshot): Table {
  return {
    headings: ["VNIC:", "RX B/S", "TX B/S", "RX PKT/S", "TX PKT/S", "DROPS/S", "ERRORS/S"],
    none: "No vNIC",
    rows: vnics.map((vnic) => [
      span(vnic.interface),
      span(short(vnic.rx_bits_per_second)),
      span(short(vnic.tx_bits_per_second)),
      span(short(vnic.rx_packets_per_second)),
      span(short(vnic.tx_packets_per_second)),
      against(vnic.drops_per_second, 0, "warn"),
      against(vnic.errors_per_second, 0, "warn"),
    ]),
  };
}

function fixedIps({ fixed_ips }: InstanceSnapshot): Table {
  const behaviour = ["REMOTES", "NEW", "MOST/REMOTE", "PORTS", "NEW", "MOST/PORT"];
  const hasBehaviour = fixed_ips.some(({ outbound }) => outbound !== null);
  return {
    headings: ["FIXED IP:", "FLOWS", ...hasBehaviour ? behaviour : []],
    none: "No fixed IP",
    rows: fixed_ips.map(({ ip, flows, outbound }) => [
      span(ip),
      span(count(flows)),
      ...[
        outbound?.unique_remotes,
        outbound?.new_remotes,
        outbound?.max_flows_single_remote,
        outbound?.unique_dst_ports,
        outbound?.new_dst_ports,
        outbound?.max_flows_single_dst_port,
      ].slice(0, hasBehaviour ? undefined : 0).map((value) => span(count(value ?? null))),
    ]),
  };
}

function threats({ threats }: InstanceSnapshot): Table {
  return {
    headings: ["LIST:", "DIRECTION:", "CONTACTS NOW", "SINCE START"],
    none: "No contact with a listed address",
    rows: threats.map(({ list, direction, active, total }) => [
      span(list),
      span(direction),
      against(active, 0),
      span(count(total)),
    ]),
  };
}

function against(value: number | null, most: number, tone: Span["tone"] = "bad"): Span {
  return span(short(value), value !== null && value > most ? tone : "plain");
}

function tableLines({ headings, none, rows }: Table): readonly Line[] {
  if (rows.length === 0) return [[span(`${none}.`, "dim")]];
  const columns = headings.map((heading, at) => {
    const side: Side = heading.endsWith(":") ? "left" : "right";
    const title = heading.replace(/:$/, "");
    const width = Math.max(title.length, ...rows.map((row) => widthOf(row[at]?.text ?? "")));
    return { title, side, width };
  });
  const line = (cells: readonly Span[]): Line =>
    cells.map(({ text, tone }, at) => {
      const { side = "left", width = 0 } = columns[at] ?? {};
      const isLast = at === columns.length - 1;
      // Blanks at the end would be cut, and an ellipsis would tell of nothing.
      return span(
        isLast && side === "left" ? text : `${fit(text, width, side)}${isLast ? "" : "  "}`,
        tone,
      );
    });
  return [line(columns.map(({ title }) => span(title, "dim"))), ...rows.map(line)];
}
