/// <reference lib="dom" />
import { type InstanceSnapshot, type Mark, MARKS, type NodeSnapshot } from "../live/node_schema.ts";
import { byId, element } from "./element.ts";
import { markLabel } from "./mark_labels.ts";
import { MARK_NAMES } from "./marks.ts";
import { sorted } from "./sort_key.ts";

/** Most instances that are named for one mark; the filter shows all. */
const MOST_NAMED = 3;

/** What the strip asks of the page. */
export interface AttentionEvents {
  readonly filter: (mark: Mark) => void;
  readonly open: (uuid: string) => void;
}

/** What asks for attention, above the table, wherever its rows are. */
export class AttentionStrip {
  readonly #root = byId("attention");
  readonly #events: AttentionEvents;
  #shown = "";

  constructor(events: AttentionEvents) {
    this.#events = events;
  }

  /** Shows the marks of a snapshot; `chosen` is the one that the table is filtered by. */
  update({ instances }: Pick<NodeSnapshot, "instances">, chosen: string | undefined): void {
    // By name: who is named does not change with every cycle.
    const marked = sorted(instances.filter(({ over }) => over.length > 0), {
      column: "name",
      descending: false,
    });
    const groups = MARKS.map((mark) => ({
      mark,
      instances: marked.filter(({ over }) => over.includes(mark)),
    })).filter((group) => group.instances.length > 0);
    const key = JSON.stringify([
      chosen,
      groups.map(({ mark, instances }) => [
        mark,
        instances.length,
        instances.slice(0, MOST_NAMED).map(({ uuid, name, domain }) => [uuid, name, domain]),
      ]),
    ]);
    if (key === this.#shown) return;
    this.#shown = key;
    const focused = document.activeElement?.getAttribute("data-key");
    this.#root.replaceChildren(
      ...groups.length === 0
        ? [element("p", { class: "quiet", text: "Nothing asks for attention." })]
        : groups.map((group) => this.#group({ ...group, chosen })),
    );
    if (focused) {
      this.#root.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  #group(
    { mark, instances, chosen }: {
      readonly mark: Mark;
      readonly instances: readonly InstanceSnapshot[];
      readonly chosen: string | undefined;
    },
  ): HTMLElement {
    const all = element("button", {
      class: "group-name",
      attributes: {
        type: "button",
        "aria-pressed": String(chosen === mark),
        "data-key": mark,
        title: "Show only these in the table",
      },
      children: [markLabel(mark), ` ${MARK_NAMES[mark].long} (${instances.length})`],
    });
    all.addEventListener("click", () => this.#events.filter(mark));
    const named = instances.slice(0, MOST_NAMED).map((instance) => {
      const button = element("button", {
        class: "named",
        text: instance.name || instance.domain,
        attributes: { type: "button", "data-key": `${mark} ${instance.uuid}` },
      });
      button.addEventListener("click", () => this.#events.open(instance.uuid));
      return button;
    });
    const more = instances.length - named.length;
    return element("div", {
      class: "group",
      children: [all, ...named, ...more > 0 ? [element("span", { text: `and ${more} more` })] : []],
    });
  }
}
