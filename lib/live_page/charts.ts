import type { Channel } from "../live/history_schema.ts";
import { count, percent, type Quantity, scaled } from "./quantity.ts";

/** One chart of an instance's page. */
export interface ChartOptions {
  readonly title: string;
  readonly lines: readonly { readonly channel: Channel; readonly name: string }[];
  readonly show: (value: number | null) => Quantity;
  /** What the scale reaches at least. */
  readonly ceiling: number;
  /** Whether it says something only where a threat list is on. */
  readonly needsLists?: true;
}

const bytes = (value: number | null) => scaled(value, "B/s");
const bits = (value: number | null) => scaled(value, "bit/s");
const perSecond = (value: number | null) => scaled(value, "/s");

/** The charts in the order in which they stand. */
export const CHARTS: readonly ChartOptions[] = [
  {
    title: "CPU",
    lines: [{ channel: "cpu_percent", name: "used" }],
    show: percent,
    ceiling: 100,
  },
  {
    title: "Flows",
    lines: [{ channel: "flows", name: "in conntrack" }],
    show: count,
    ceiling: 10,
  },
  {
    title: "Disk",
    lines: [
      { channel: "read_bytes_per_second", name: "read" },
      { channel: "write_bytes_per_second", name: "write" },
    ],
    show: bytes,
    ceiling: 1000,
  },
  {
    title: "Disk requests",
    lines: [
      { channel: "read_requests_per_second", name: "reads" },
      { channel: "write_requests_per_second", name: "writes" },
    ],
    show: perSecond,
    ceiling: 1,
  },
  {
    title: "Network",
    lines: [
      { channel: "rx_bits_per_second", name: "in" },
      { channel: "tx_bits_per_second", name: "out" },
    ],
    show: bits,
    ceiling: 1000,
  },
  {
    title: "Packets",
    lines: [
      { channel: "rx_packets_per_second", name: "in" },
      { channel: "tx_packets_per_second", name: "out" },
    ],
    show: perSecond,
    ceiling: 1,
  },
  {
    title: "Listed addresses",
    lines: [{ channel: "active_contacts", name: "contacts" }],
    show: count,
    ceiling: 4,
    needsLists: true,
  },
];
