/// <reference lib="dom" />
import { CHANNELS } from "../live/history_schema.ts";
import type { InstanceSnapshot, NodeSnapshot } from "../live/node_schema.ts";
import { Chart } from "./chart.ts";
import { CHARTS } from "./charts.ts";
import { element, setText } from "./element.ts";
import { FactList } from "./fact_list.ts";
import { InstanceTables } from "./instance_tables.ts";
import { markLabel } from "./mark_labels.ts";
import { MARK_NAMES, reasonsOf } from "./marks.ts";
import { fetchInstanceHistory } from "./node_feed.ts";
import { binaryBytes, count, written } from "./quantity.ts";
import { Timeline } from "./timeline.ts";

const NO_HISTORY = {
  "nothing": "The exporter remembers nothing of it.",
  "no answer": "The exporter did not answer when it was asked for the last hour.",
} as const;
/** More than a history ever has: 360. */
const MOST_POINTS = 400;

/** One instance, opened: why it is marked, its charts, and all that belongs to it. */
export class InstancePanel {
  readonly root: HTMLElement;
  readonly uuid: string;
  readonly #name = element("h2", { attributes: { tabindex: "-1" } });
  readonly #gone = element("p", { class: "note", attributes: { role: "status" } });
  readonly #reasons = element("ul", { class: "reasons" });
  readonly #facts = new FactList();
  readonly #noHistory = element("p", { class: "quiet" });
  readonly #charts: readonly Chart[];
  readonly #chartGrid = element("div", { class: "charts" });
  readonly #tables = new InstanceTables();
  #timeline: Timeline | undefined;
  #newest: { readonly at: number; readonly values: readonly (number | null)[] } | undefined;
  #reasonsShown = "";
  /** Whether it is on this node: the exporter has no history of others. */
  #isHere = false;
  /** Whether the exporter did not answer when it was asked for the history. */
  #wantsHistory = false;

  constructor(uuid: string) {
    this.uuid = uuid;
    this.#charts = CHARTS.map((options) => new Chart(options, uuid));
    this.#chartGrid.append(...this.#charts.map(({ root }) => root));
    this.#chartGrid.hidden = true;
    this.#gone.hidden = true;
    this.root = element("div", {
      class: "instance",
      children: [
        this.#name,
        this.#gone,
        this.#reasons,
        this.#facts.root,
        this.#chartGrid,
        this.#noHistory,
        ...this.#tables.roots,
      ],
    });
  }

  /** Asks the exporter for what it remembers; again after it was away. */
  async reload(): Promise<void> {
    if (!this.#isHere) return;
    const history = await fetchInstanceHistory(this.uuid);
    this.#wantsHistory = history === "no answer";
    this.#noHistory.hidden = typeof history === "object";
    if (typeof history !== "object") {
      setText(this.#noHistory, NO_HISTORY[history]);
      return;
    }
    const channels = CHANNELS.map((name) => history.series[name]);
    this.#timeline = new Timeline(history, channels, MOST_POINTS);
    this.#draw();
  }

  /**
   * Shows the newest snapshot.
   *
   * @param at When its data was collected, in seconds since 1970; undefined where it is no newer.
   */
  update(instance: InstanceSnapshot | undefined, node: NodeSnapshot, at: number | undefined): void {
    this.#gone.hidden = instance !== undefined;
    if (!instance) {
      this.#isHere = false;
      setText(this.#gone, "It does not run on this node now.");
      if (this.#name.textContent === "") setText(this.#name, this.uuid);
      return;
    }
    if (!this.#isHere || (this.#wantsHistory && at !== undefined)) {
      this.#isHere = true;
      void this.reload();
    }
    setText(this.#name, instance.name || instance.domain);
    this.#showReasons(instance, node);
    this.#facts.update(factsOf(instance));
    const hasLists = node.feeds.length > 0;
    this.#tables.update(instance, hasLists);
    this.#charts.forEach(({ root }, index) => {
      root.hidden = !hasLists && CHARTS[index]?.needsLists === true;
    });
    if (at === undefined) return;
    const known = { cpu_percent: instance.cpu_percent, ...instance.sum };
    const values = CHANNELS.map((name) => known[name]);
    this.#newest = { at, values };
    this.#timeline?.add(at, values);
    this.#draw();
  }

  /** Draws the charts anew, in the colours that hold now. */
  redraw(): void {
    for (const chart of this.#charts) chart.redraw();
  }

  /** Puts the focus on the heading, so that a screen reader tells what was opened. */
  focus(): void {
    this.#name.focus({ preventScroll: true });
  }

  end(): void {
    for (const chart of this.#charts) chart.end();
    this.root.remove();
  }

  #draw(): void {
    const timeline = this.#timeline;
    if (!timeline) {
      // Nothing is remembered: what came since the page was opened is still worth a picture.
      if (this.#newest && !this.#noHistory.hidden && !this.#wantsHistory) {
        this.#beginAnew(this.#newest);
      }
      return;
    }
    const { times } = timeline;
    this.#chartGrid.hidden = false;
    this.#charts.forEach((chart, at) => {
      const lines = CHARTS[at]?.lines ?? [];
      chart.update(times, lines.map(({ channel }) => timeline.values(CHANNELS.indexOf(channel))));
    });
  }

  #beginAnew({ at, values }: { readonly at: number; readonly values: readonly (number | null)[] }) {
    const frame = { step_seconds: 10, ended_at: at };
    this.#timeline = new Timeline(frame, values.map((value) => [value]), MOST_POINTS);
    setText(this.#noHistory, "The exporter remembers nothing of it: charts begin now.");
    this.#draw();
  }

  #showReasons(instance: InstanceSnapshot, { conntrack }: NodeSnapshot): void {
    const reasons = instance.over.map((mark) => {
      const why = reasonsOf(instance, mark, conntrack.max);
      return { mark, text: `${MARK_NAMES[mark].long}: ${why.join("; ")}` };
    });
    const shown = JSON.stringify(reasons);
    if (shown === this.#reasonsShown) return;
    this.#reasonsShown = shown;
    this.#reasons.replaceChildren(
      ...reasons.map(({ mark, text }) =>
        element("li", { children: [markLabel(mark), ` ${text}`] })
      ),
    );
  }
}

function factsOf(instance: InstanceSnapshot): readonly (readonly [string, string])[] {
  const { uuid, domain, project, user, flavor, vcpus, memory_bytes, root_type, created_at } =
    instance;
  return [
    ["UUID", uuid],
    ["Domain", domain],
    ["Project", owner(project)],
    ["User", owner(user)],
    ["Flavor", flavor],
    ["vCPUs", written(count(vcpus))],
    ["Memory", written(binaryBytes(memory_bytes))],
    ["Root disk", root_type],
    ["Created", created_at],
  ];
}

function owner({ name, uuid }: InstanceSnapshot["project"]): string {
  return name === "" ? uuid : uuid === "" ? name : `${name} (${uuid})`;
}
