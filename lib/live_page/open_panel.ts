/// <reference lib="dom" />
import type { InstanceSnapshot, NodeSnapshot } from "../live/node_schema.ts";
import { byId } from "./element.ts";
import { InstancePanel } from "./instance_panel.ts";
import { NodePanel } from "./node_panel.ts";
import type { PageState } from "./page_state.ts";

/** What an opened panel shows. */
export interface PanelView {
  readonly snapshot: NodeSnapshot;
  readonly instances: readonly InstanceSnapshot[];
  /** When the data was collected, in seconds since 1970; undefined where it is no newer. */
  readonly at: number | undefined;
  /** Of the exporter's clock, since 1970. */
  readonly nowSeconds: number;
}

/** The place beside the table where one thing is opened at a time. */
export class OpenPanel {
  readonly #root = byId("panel");
  readonly #content = byId("panel-content");
  #instance: InstancePanel | undefined;
  #node: NodePanel | undefined;

  /** @param close Called where somebody wants it closed. */
  constructor(close: () => void) {
    byId("panel-close").addEventListener("click", close);
  }

  /** Opens what the state asks for, and shows the newest snapshot of it. */
  update(open: PageState["open"], view: PanelView): void {
    this.#root.hidden = open.kind === "nothing";
    document.body.classList.toggle("has-panel", open.kind !== "nothing");
    const uuid = open.kind === "instance" ? open.uuid : undefined;
    if (this.#instance && this.#instance.uuid !== uuid) {
      this.#instance.end();
      this.#instance = undefined;
    }
    if (open.kind !== "node") {
      this.#node?.root.remove();
      this.#node = undefined;
    } else {
      if (!this.#node) this.#begin(this.#node = new NodePanel());
      this.#node.update(view.snapshot, view.nowSeconds);
    }
    if (uuid === undefined) return;
    if (!this.#instance) this.#begin(this.#instance = new InstancePanel(uuid));
    const instance = view.instances.find((each) => each.uuid === uuid);
    this.#instance.update(instance, view.snapshot, view.at);
  }

  /** Asks anew for what the exporter remembers. */
  async reload(): Promise<void> {
    await this.#instance?.reload();
  }

  /** Draws charts anew, in the colours that hold now. */
  redraw(): void {
    this.#instance?.redraw();
  }

  /** Puts the focus on what is opened. */
  focus(): void {
    (this.#instance ?? this.#node)?.focus();
  }

  #begin({ root }: { readonly root: HTMLElement }): void {
    this.#content.replaceChildren(root);
    this.#root.scrollTop = 0;
  }
}
