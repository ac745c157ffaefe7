import type { Channel, InstanceHistory } from "../live/history_schema.ts";
import type { InstanceSnapshot } from "../live/node_schema.ts";
import { type Line, span } from "./line.ts";
import { duration, percent, short } from "./quantities.ts";
import { mostOf, sparkline } from "./sparkline.ts";

interface Row {
  readonly title: string;
  readonly channel: Channel;
  readonly format: (value: number | null) => string;
  /** What the highest block means; where it is left out, a round number above all there was. */
  readonly full?: number;
}

const row = (title: string, channel: Channel): Row => ({ title, channel, format: short });

const ROWS: readonly Row[] = [
  { title: "CPU %", channel: "cpu_percent", format: percent, full: 100 },
  row("read B/s", "read_bytes_per_second"),
  row("written B/s", "write_bytes_per_second"),
  row("reads/s", "read_requests_per_second"),
  row("writes/s", "write_requests_per_second"),
  row("received b/s", "rx_bits_per_second"),
  row("sent b/s", "tx_bits_per_second"),
  row("flows", "flows"),
  row("contacts", "active_contacts"),
];

const STEPS = [1, 1.5, 2, 3, 5, 7.5];
const TITLE = 14;
const NUMBER = 8;
const LEAST_BLOCKS = 8;

/** Each value now, the most it was, and its way there in blocks, as wide as there is room for. */
export function historyLines(
  instance: InstanceSnapshot,
  { history, columns }: {
    readonly history: InstanceHistory | string | undefined;
    readonly columns: number;
  },
): readonly Line[] {
  const isKnown = typeof history === "object";
  const points = isKnown ? history.series.cpu_percent.length * history.step_seconds : 0;
  const past = isKnown ? `last ${duration(points)}` : history ?? "";
  const heading: Line = [
    span("".padEnd(TITLE)),
    span("now".padStart(NUMBER), "dim"),
    span(isKnown ? "most".padStart(NUMBER) : "", "dim"),
    span(`  ${past}`, "dim"),
  ];
  const room = Math.max(LEAST_BLOCKS, columns - TITLE - 2 * NUMBER - 2);
  return [
    heading,
    ...ROWS.map(({ title, channel, format, full }): Line => {
      const now = channel === "cpu_percent" ? instance.cpu_percent : instance.sum[channel];
      const head = [span(title.padEnd(TITLE)), span(format(now).padStart(NUMBER))];
      if (!isKnown) return head;
      const values = history.series[channel];
      const most = mostOf(values);
      const blocks = sparkline(values, { columns: room, full: full ?? roundAbove(most ?? 0) });
      return [...head, span(format(most).padStart(NUMBER), "dim"), span(`  ${blocks}`, "good")];
    }),
  ];
}

/** The next of 1, 1.5, 2, 3, 5, 7.5, 10, 15 and so on: what is steady need not be a wall. */
function roundAbove(value: number): number {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (STEPS.find((step) => step * power >= value) ?? 10);
}
