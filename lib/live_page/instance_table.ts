/// <reference lib="dom" />
import type { InstanceSnapshot } from "../live/node_schema.ts";
import { COLUMNS } from "./columns.ts";
import { byId, element } from "./element.ts";
import { InstanceRow } from "./instance_row.ts";
import { type ColumnKey, type SortKey } from "./sort_key.ts";
import type { Sparks } from "./sparks.ts";

/** What the table asks of the page. */
export interface TableEvents {
  readonly sort: (column: ColumnKey) => void;
  readonly open: (uuid: string) => void;
  /** Address of an instance, for links that are opened elsewhere. */
  readonly address: (uuid: string) => string;
}

/** What one update shows. */
export interface TableView {
  /** In the order in which they are shown. */
  readonly instances: readonly InstanceSnapshot[];
  readonly sort: SortKey;
  readonly opened: string | undefined;
}

/** How far beyond the edge of the table a row is near, in pixels. */
const NEAR = "200px";

/** The table of instances: rows are kept and moved, never made anew, so that nothing flickers. */
export class InstanceTable {
  readonly #events: TableEvents;
  readonly #body = byId("rows");
  readonly #rows = new Map<string, InstanceRow>();
  readonly #headers = new Map<ColumnKey, HTMLTableCellElement>();
  readonly #sparks: Sparks;
  readonly #watcher: IntersectionObserver;

  constructor(sparks: Sparks, events: TableEvents) {
    this.#events = events;
    this.#sparks = sparks;
    const name = {
      key: "name",
      title: "Instance",
      hint: "The name that its owner gave the instance",
    } as const;
    byId("columns").replaceChildren(
      ...[name, ...COLUMNS].map((column) => this.#header(column)),
    );
    this.#watcher = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const row = this.#rows.get(
          target instanceof HTMLElement ? target.dataset["uuid"] ?? "" : "",
        );
        row?.setNear(isIntersecting, this.#sparks);
      }
    }, { root: null, rootMargin: NEAR });
    this.#body.addEventListener("click", (event) => this.#clicked(event));
  }

  /** Whether somebody is about to hit a row: then rows had better stay where they are. */
  get isPointedAt(): boolean {
    return this.#body.matches(":hover") || this.#body.contains(document.activeElement);
  }

  /** UUIDs from top to bottom. */
  get order(): readonly string[] {
    return [...this.#rows.keys()];
  }

  /** Shows these instances in this order. */
  update({ instances, sort, opened }: TableView): void {
    for (const [column, header] of this.#headers) {
      const direction = sort.descending ? "descending" : "ascending";
      header.setAttribute("aria-sort", column === sort.column ? direction : "none");
    }
    const before = new Map(this.#rows);
    this.#rows.clear();
    for (const instance of instances) {
      const row = before.get(instance.uuid) ?? this.#begin(instance.uuid);
      before.delete(instance.uuid);
      this.#rows.set(instance.uuid, row);
      row.update(instance, this.#sparks);
      const address = this.#events.address(instance.uuid);
      if (row.link.getAttribute("href") !== address) row.link.setAttribute("href", address);
      row.root.classList.toggle("opened", instance.uuid === opened);
      if (instance.uuid === opened) row.link.setAttribute("aria-current", "true");
      else row.link.removeAttribute("aria-current");
    }
    for (const { root } of before.values()) {
      this.#watcher.unobserve(root);
      root.remove();
    }
    this.#place();
  }

  /** Moves the focus by rows; from elsewhere to the first, or the opened one. */
  moveFocus(by: number): void {
    const rows = [...this.#rows.values()];
    const at = rows.findIndex(({ link }) => link === document.activeElement);
    const opened = rows.findIndex(({ root }) => root.classList.contains("opened"));
    const next = at >= 0 ? at + by : Math.max(0, opened);
    rows[Math.min(rows.length - 1, Math.max(0, next))]?.link.focus();
  }

  /** Puts the focus on an instance's row. */
  focus(uuid: string): void {
    this.#rows.get(uuid)?.link.focus({ preventScroll: true });
  }

  /** Lets the rows stand in the order of the map; those that are right already are not touched. */
  #place(): void {
    const focused = document.activeElement;
    let next = this.#body.firstElementChild;
    for (const { root } of this.#rows.values()) {
      if (root === next) next = next.nextElementSibling;
      else this.#body.insertBefore(root, next);
    }
    // An element that is moved loses the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement) {
      focused.focus({ preventScroll: true });
    }
  }

  #begin(uuid: string): InstanceRow {
    const row = new InstanceRow(uuid);
    this.#watcher.observe(row.root);
    return row;
  }

  #header(
    { key, title, hint }: {
      readonly key: ColumnKey;
      readonly title: string;
      readonly hint: string;
    },
  ): HTMLTableCellElement {
    const button = element("button", {
      text: title,
      attributes: { type: "button", title: hint },
    });
    button.addEventListener("click", () => this.#events.sort(key));
    const header = element("th", {
      class: `c-${key}`,
      attributes: { role: "columnheader", scope: "col" },
      children: [button],
    });
    this.#headers.set(key, header);
    return header;
  }

  #clicked(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || event.button !== 0) return;
    // As the browser has it: these open the link elsewhere.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (getSelection()?.isCollapsed === false) return;
    const uuid = target.closest("tr")?.dataset["uuid"];
    if (uuid === undefined) return;
    event.preventDefault();
    this.#events.open(uuid);
  }
}
