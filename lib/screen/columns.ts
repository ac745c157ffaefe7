import { type InstanceSnapshot, type Mark, MARKS } from "../live/node_schema.ts";
import type { Side } from "./fit.ts";
import { added } from "./instance_order.ts";
import type { Tone } from "./line.ts";
import { binary, percent, short } from "./quantities.ts";

/** The letter of each mark, and what it says. */
export const MARK_LETTERS: Readonly<Record<Mark, readonly [letter: string, meaning: string]>> = {
  disk_read: ["R", "reads of a disk over its threshold"],
  disk_write: ["W", "writes of a disk over its threshold"],
  conntrack: ["C", "a tenth of the conntrack table"],
  threat: ["T", "contact with a listed address"],
};

/** A column of the table of instances. */
export interface Column {
  readonly heading: string;
  readonly side: Side;
  /** Columns of the terminal: so many where it is fixed, else at least so many. */
  readonly width: number;
  /** Whether it takes what is left over. */
  readonly grows?: true;
  /** Columns with the largest number go first where the terminal is narrow; 0 always stays. */
  readonly leaves: number;
  readonly text: (instance: InstanceSnapshot) => string;
  readonly tone?: (instance: InstanceSnapshot) => Tone;
}

const number = (
  heading: string,
  leaves: number,
  text: Column["text"],
  width = Math.max(5, heading.length),
): Column => ({ heading, side: "right", width, leaves, text });

/** Every column, from the left. */
export const COLUMNS: readonly Column[] = [
  {
    heading: "!",
    side: "left",
    width: MARKS.length,
    leaves: 0,
    text: ({ over }) =>
      MARKS.map((mark) => over.includes(mark) ? MARK_LETTERS[mark][0] : " ").join(""),
    tone: () => "bad",
  },
  number("CPU%", 0, ({ cpu_percent }) => percent(cpu_percent)),
  number("VCPU", 8, ({ vcpus }) => short(vcpus), 4),
  number("MEM", 7, ({ memory_bytes }) => binary(memory_bytes), 6),
  number("R B/s", 3, ({ sum }) => short(sum.read_bytes_per_second)),
  number("W B/s", 3, ({ sum }) => short(sum.write_bytes_per_second)),
  number(
    "REQ/s",
    4,
    ({ sum }) => short(added(sum.read_requests_per_second, sum.write_requests_per_second)),
  ),
  number("RX b/s", 2, ({ sum }) => short(sum.rx_bits_per_second)),
  number("TX b/s", 2, ({ sum }) => short(sum.tx_bits_per_second)),
  number("FLOWS", 1, ({ sum }) => short(sum.flows)),
  {
    ...number("HITS", 5, ({ sum }) => short(sum.active_contacts), 5),
    tone: ({ sum }) => (sum.active_contacts ?? 0) > 0 ? "bad" : "plain",
  },
  {
    heading: "NAME",
    side: "left",
    width: 12,
    grows: true,
    leaves: 0,
    text: ({ name, domain }) => name || domain,
  },
  {
    heading: "PROJECT",
    side: "left",
    width: 8,
    grows: true,
    leaves: 6,
    text: ({ project }) => project.name,
  },
  {
    heading: "DOMAIN",
    side: "left",
    width: 17,
    grows: true,
    leaves: 9,
    text: ({ domain }) => domain,
  },
];
