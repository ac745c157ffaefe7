/// <reference lib="dom" />
import uPlot from "uplot";
import type { ChartOptions } from "./charts.ts";
import { element, setText } from "./element.ts";
import { age, count, type Quantity, written } from "./quantity.ts";

const HEIGHT = 112;
const AXIS_WIDTH = 68;
/** A chart with only a few points is as wide as this many seconds. */
const SHORTEST_SECONDS = 120;
/** Steps of a scale that counts. */
const WHOLE_STEPS = [0, 1, 2, 3, 4, 5, 6].flatMap((power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power)
);
/** Steps of the time below a chart, in seconds. */
const TIME_STEPS = [30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
const FONT = "11px system-ui, sans-serif";

/** Lines over time, with what they say at the pointer, or now, written above them. */
export class Chart {
  readonly root: HTMLElement;
  readonly #options: ChartOptions;
  readonly #values: readonly HTMLElement[];
  readonly #time = element("span", { class: "time" });
  readonly #picture = element("div", { class: "picture", attributes: { role: "img" } });
  readonly #plot: uPlot;
  readonly #resized: ResizeObserver;
  #data: readonly (readonly (number | null)[])[] = [];

  /** @param group Charts of one group show the pointer at the same time. */
  constructor(options: ChartOptions, group: string) {
    this.#options = options;
    this.#values = options.lines.map(() => element("span", { class: "value" }));
    const legend = options.lines.map(({ name }, at) =>
      element("span", {
        class: "line",
        children: [
          element("span", { class: `swatch swatch-${at + 1}` }),
          ` ${name} `,
          this.#values[at] ?? "",
        ],
      })
    );
    const heading = element("h3", { text: options.title });
    this.root = element("section", {
      class: "chart",
      children: [
        element("div", { class: "legend", children: [heading, ...legend] }),
        this.#picture,
        this.#time,
      ],
    });
    this.#plot = new uPlot(this.#plotOptions(group), [[]], this.#picture);
    this.#resized = new ResizeObserver(() => {
      const width = this.#picture.clientWidth;
      if (width > 0) this.#plot.setSize({ width, height: HEIGHT });
    });
    this.#resized.observe(this.#picture);
  }

  /** Shows these values of each line at these times, in seconds since 1970. */
  update(times: readonly number[], lines: readonly (readonly (number | null)[])[]): void {
    this.#data = lines;
    this.#plot.setData([[...times], ...lines.map((values) => [...values])]);
    this.#write();
    this.#picture.setAttribute("aria-label", this.#spoken(times));
  }

  /** Draws it anew, in the colours that hold now. */
  redraw(): void {
    this.#plot.redraw(false, true);
  }

  /** Takes it off the page. */
  end(): void {
    this.#resized.disconnect();
    this.#plot.destroy();
    this.root.remove();
  }

  #write(): void {
    const { idx } = this.#plot.cursor;
    this.#data.forEach((values, at) => {
      const value = (idx === null || idx === undefined ? values.at(-1) : values[idx]) ?? null;
      const target = this.#values[at];
      if (target) setText(target, written(this.#options.show(value)));
    });
    const time = idx === null || idx === undefined ? undefined : this.#plot.data[0][idx];
    setText(this.#time, time === undefined ? "" : clockTime(time));
  }

  #spoken(times: readonly number[]): string {
    const { title, lines, show } = this.#options;
    const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
    const parts = lines.map(({ name }, at) => {
      const values = this.#data[at] ?? [];
      const known = values.filter((value) => value !== null);
      if (known.length === 0) return `${name} not known`;
      return `${name} ${written(show(values.at(-1) ?? null))}, ` +
        `highest ${written(show(known.reduce((a, b) => Math.max(a, b))))}`;
    });
    return `${title} of the last ${age(span)}: ${parts.join("; ")}`;
  }

  #plotOptions(group: string): uPlot.Options {
    const { lines, show, ceiling } = this.#options;
    const grid = { stroke: () => this.#colour("--line"), width: 1 };
    const axis = {
      stroke: () => this.#colour("--quiet"),
      font: FONT,
      grid,
      ticks: { show: false },
    };
    return {
      width: 400,
      height: HEIGHT,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 6 },
        sync: { key: group },
      },
      scales: {
        x: { time: true, range: (_, from, to) => [Math.min(from, to - SHORTEST_SECONDS), to] },
        y: { range: (_, __, most) => [0, Math.max(ceiling, 1.08 * (most ?? 0))] },
      },
      axes: [
        {
          ...axis,
          size: 24,
          space: 60,
          incrs: TIME_STEPS,
          values: (_, times) => times.map(clockMinute),
        },
        {
          ...axis,
          size: AXIS_WIDTH,
          space: 28,
          ...show === count && { incrs: WHOLE_STEPS },
          values: (_, values) => values.map((value) => short(show(value))),
        },
      ],
      series: [
        {},
        ...lines.map((_, at) => ({
          stroke: () => this.#colour(`--series-${at + 1}`),
          width: 1.5,
          points: { show: false },
          ...at === 0 && { fill: () => this.#colour("--series-1-fill") },
        })),
      ],
      hooks: { setCursor: [() => this.#write()] },
    };
  }

  /** The colour that the style sheet gives a name, as a canvas takes it. */
  #colour(name: string): string {
    this.#picture.style.color = `var(${name})`;
    return getComputedStyle(this.#picture).color;
  }
}

/** Without decimals that are zeros. */
function short({ number, unit }: Quantity): string {
  return written({ number: number.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""), unit });
}

function clockTime(seconds: number): string {
  return new Date(1000 * seconds).toLocaleTimeString("en-GB");
}

function clockMinute(seconds: number): string {
  return clockTime(seconds).slice(0, seconds % 60 === 0 ? 5 : 8);
}
