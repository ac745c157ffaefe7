import { init } from "echarts";
import type { Dashboard, Panel } from "./dashboards/dashboard.ts";
import { grafanaJson } from "./grafana_json.ts";
import { valueText } from "./picture_value.ts";

/** One series of Prometheus' answer: times in seconds, values as text. */
export interface Answer {
  readonly metric: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [number, string])[];
}

/** The answers to each query of a panel, in order. */
export type Answers = readonly (readonly Answer[])[];

interface Placed {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { x: number; y: number; w: number; h: number };
}

const WIDTH = 1200;
const COLUMN = WIDTH / 24;
/** Height of a unit of Grafana's grid, in pixels. */
const LINE = 28;
const TOP = 40;
const ROW = 22;
const FONT = "DejaVu Sans";
const COLOURS = { blue: "#1f60c4", green: "#37872d", orange: "#c15c17", red: "#c4162a" } as const;
const LINE_COLOURS = [
  ...["#5470c6", "#5aa02c", "#e08b00", "#d64545"],
  ...["#2aa3b8", "#8a4fb5", "#8c6d46", "#d66ba0"],
];
/** Width of a letter of a legend, in pixels. */
const LETTER = 6.2;
/** More rows or names than that make no picture clearer. */
const MOST_SERIES = 8;

/** What is drawn in the place of a panel. */
export interface Shown {
  readonly answers: Answers;
  /** What has to be known of it, beside the title. */
  readonly note?: string;
}

/** A dashboard as an SVG document of its panels in their places, each with its answers. */
export function dashboardPicture(dashboard: Dashboard, shown: ReadonlyMap<Panel, Shown>): string {
  const placed: readonly Placed[] = JSON.parse(grafanaJson(dashboard)).panels;
  const sources = dashboard.rows.flatMap(({ panels }) => panels);
  let at = 0;
  const drawn = placed.map(({ type, title, gridPos: { x, y, w, h } }) => {
    const [left, top, width, height] = [x * COLUMN, TOP + y * LINE, w * COLUMN - 6, h * LINE - 6];
    const place = `<g transform="translate(${left + 3} ${top + 3})">`;
    if (type === "row") return `${place}${text(4, 19, title, { size: 14, isBold: true })}</g>`;
    const panel = sources[at++];
    if (panel === undefined) throw new RangeError(`Cannot draw "${title}": expected its source`);
    const frame = `<rect width="${width}" height="${height}" fill="#fff" stroke="#d8d9da"/>`;
    const name = text(8, 18, title, { size: 12, isBold: true });
    const { answers, note = "" } = shown.get(panel) ?? { answers: [] };
    const aside = text(width - 8, 18, note, { size: 10, anchor: "end" });
    const body = DRAW[panel.kind](panel, answers, width, height - 24);
    return `${place}${frame}${name}${aside}<g transform="translate(0 24)">${body}</g></g>`;
  });
  const height = TOP + Math.max(...placed.map(({ gridPos: { y, h } }) => y + h)) * LINE;
  const title = text(8, 27, dashboard.title, { size: 18, isBold: true });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}">` +
    `<rect width="100%" height="100%" fill="#f4f5f5"/>${title}${drawn.join("")}</svg>`;
}

type Draw = (panel: Panel, answers: Answers, width: number, height: number) => string;

const DRAW: Readonly<Record<Panel["kind"], Draw>> = { stat, series, table, timeline };

function stat({ unit, steps = [] }: Panel, answers: Answers, width: number, height: number) {
  const value = Number(answers[0]?.[0]?.samples.at(-1)?.[1] ?? NaN);
  const colour = steps.findLast(([from]) => value >= from)?.[1] ?? "blue";
  const shown = valueText(value, unitOf(unit));
  return text(width / 2, height / 2 + 8, shown, {
    size: 28,
    colour: COLOURS[colour],
    anchor: "middle",
  });
}

function series(panel: Panel, answers: Answers, width: number, height: number): string {
  const unit = unitOf(panel.unit);
  const lines = answers.flatMap((found, at) =>
    found.map(({ metric, samples }) => ({
      type: "line" as const,
      name: legendOf(panel.queries[at]?.legend ?? "", metric),
      data: samples.map(([time, value]) => [time * 1000, Number(value)]),
      showSymbol: false,
      lineStyle: { width: 1.5 },
      ...panel.isStacked ? { stack: "all", areaStyle: { opacity: 0.3 } } : {},
    }))
  ).slice(0, MOST_SERIES);
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { left: 90, right: 30, top: 8, bottom: 50 },
    color: LINE_COLOURS,
    xAxis: { type: "time", splitNumber: 4, axisLabel: { formatter: "{HH}:{mm}:{ss}" } },
    yAxis: {
      type: "value",
      splitNumber: 4,
      axisLabel: { formatter: (value: number) => valueText(value, unit) },
    },
    series: lines,
  });
  const drawn = chart.renderToSVGString();
  chart.dispose();
  return drawn + legend(lines.map(({ name }) => name), width, height);
}

/** Two lines at most, and how many names did not fit. */
function legend(names: readonly string[], width: number, height: number): string {
  let [left, line] = [12, 0];
  const drawn: string[] = [];
  for (const [at, name] of names.entries()) {
    const space = name.length * LETTER + 26;
    if (left + space > width - 40) [left, line] = [12, line + 1];
    const y = height - 18 + line * 14;
    if (line > 1) {
      const more = text(width - 30, y - 14, `+${names.length - at}`, { size: 10 });
      return drawn.join("") + more;
    }
    const colour = LINE_COLOURS[at % LINE_COLOURS.length];
    drawn.push(`<rect x="${left}" y="${y - 6}" width="12" height="3" fill="${colour}"/>`);
    drawn.push(text(left + 16, y, name, { size: 10 }));
    left += space;
  }
  return drawn.join("");
}

/** Width of the names beside the bars of a timeline. */
const NAMES = 160;
const ON_BAR = { size: 10, colour: "#fff" } as const;

/** A bar for each series: a piece for each sample, and what it means where that changes. */
function timeline(panel: Panel, answers: Answers, width: number, height: number): string {
  const rows = answers.flatMap((found, at) =>
    found.map(({ metric, samples }) => ({
      name: legendOf(panel.queries[at]?.legend ?? "", metric),
      samples,
    }))
  ).slice(0, Math.floor(height / ROW));
  const times = rows.flatMap(({ samples }) => samples.map(([time]) => time));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const second = (width - NAMES - 16) / (last - first + 1);
  return rows.map(({ name, samples }, at) => {
    const y = 8 + at * ROW;
    const bars: string[] = [];
    const words: string[] = [];
    for (const [sample, [time, value]] of samples.entries()) {
      const [meaning, color] = panel.meanings?.[Number(value)] ?? [value, "blue"];
      const x = NAMES + (time - first) * second;
      const size = `width="${second + 0.5}" height="${ROW - 4}"`;
      bars.push(`<rect x="${x}" y="${y}" ${size} fill="${COLOURS[color]}"/>`);
      if (samples[sample - 1]?.[1] !== value) words.push(text(x + 6, y + 13, meaning, ON_BAR));
    }
    // Words are wider than the pieces that they begin in, so that all pieces come first.
    return [text(12, y + 13, name, { size: 10 }), ...bars, ...words].join("");
  }).join("");
}

function table(panel: Panel, answers: Answers, width: number, height: number): string {
  const labels = Object.entries(panel.columns ?? {});
  const values = panel.queries.map(({ legend }, at) => ({ legend, at }))
    .filter(({ legend }) => legend !== "");
  const titles = [...labels.map(([, title]) => title), ...values.map(({ legend }) => legend)];
  const key = labels[0]?.[0] ?? "";
  const rows = rowsOf(labels.map(([label]) => label), answers).slice(
    0,
    Math.floor(height / ROW) - 1,
  );
  const cells = rows.map((row) => [
    ...labels.map(([label]) => row[label] ?? ""),
    ...values.map(({ legend, at }) => {
      const found = answers[at]?.find(({ metric }) =>
        labels.length === 1 ? metric[key] === row[key] : isSame(metric, row)
      );
      const sample = found?.samples.at(-1)?.[1];
      return sample === undefined ? "" : valueText(Number(sample), unitOf(panel.unit, legend));
    }),
  ]);
  const lengths = titles.map((title, at) =>
    Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)) + 2
  );
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const scale = (width - 16) / total;
  const line = (row: readonly string[], y: number, isBold: boolean) => {
    let left = 8;
    return row.map((cell, at) => {
      const drawn = text(left, y, cell, { size: Math.min(11, scale * 1.5), isBold });
      left += (lengths[at] ?? 0) * scale;
      return drawn;
    }).join("");
  };
  return line(titles, 16, true) +
    cells.map((row, at) => line(row, 16 + ROW * (at + 1), false)).join("");
}

/** The sets of labels that any of the queries answered, each once. */
function rowsOf(labels: readonly string[], answers: Answers): readonly Answer["metric"][] {
  const found = new Map<string, Answer["metric"]>();
  for (const { metric } of answers.flat()) {
    const id = JSON.stringify(labels.map((label) => metric[label] ?? ""));
    if (!found.has(id)) found.set(id, metric);
  }
  return [...found.values()];
}

function isSame(one: Answer["metric"], other: Answer["metric"]): boolean {
  return Object.entries(one).every(([label, value]) => other[label] === value);
}

function legendOf(legend: string, metric: Answer["metric"]): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? "");
}

function unitOf(unit: Panel["unit"], column = ""): string | undefined {
  return typeof unit === "string" ? unit : unit?.[column];
}

interface TextStyle {
  readonly size: number;
  readonly isBold?: boolean;
  readonly colour?: string;
  readonly anchor?: "start" | "middle" | "end";
}

function text(x: number, y: number, content: string, style: TextStyle): string {
  const { size, isBold = false, colour = "#24292e", anchor = "start" } = style;
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" fill="${colour}"` +
    `${isBold ? ' font-weight="bold"' : ""} text-anchor="${anchor}">${escaped}</text>`;
}
