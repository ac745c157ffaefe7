/// <reference lib="dom" />
import type { InstanceSnapshot } from "../live/node_schema.ts";
import { byId, element, setText } from "./element.ts";
import type { PageState } from "./page_state.ts";
import { projectsOf } from "./selection.ts";

/** The part of the state that the filters change. */
export type Filter = Pick<PageState, "text" | "project" | "mark">;

/** The fields above the table. */
export class Filters {
  readonly #text = byId("filter-text") as HTMLInputElement;
  readonly #project = byId("filter-project") as HTMLSelectElement;
  readonly #marked = byId("filter-marked") as HTMLInputElement;
  readonly #clear = byId("filter-clear");
  readonly #shown = byId("shown");
  #projects = "";

  /** @param changed Gets what changed. */
  constructor(changed: (filter: Partial<Filter>) => void) {
    this.#text.addEventListener("input", () => changed({ text: this.#text.value }));
    this.#project.addEventListener("change", () => changed({ project: this.#project.value }));
    this.#marked.addEventListener("change", () => {
      changed({ mark: this.#marked.checked ? "any" : undefined });
    });
    this.#clear.addEventListener("click", () => {
      changed({ text: "", project: "", mark: undefined });
      this.#text.focus();
    });
  }

  /** Puts the focus on the text. */
  focus(): void {
    this.#text.focus();
    this.#text.select();
  }

  /** Shows the filter and how much it leaves. */
  update(
    filter: Filter,
    all: readonly InstanceSnapshot[],
    left: number,
  ): void {
    if (this.#text.value !== filter.text) this.#text.value = filter.text;
    this.#marked.checked = filter.mark !== undefined;
    this.#showProjects(filter.project, all);
    const isOn = filter.text !== "" || filter.project !== "" || filter.mark !== undefined;
    this.#clear.hidden = !isOn;
    setText(this.#shown, isOn ? `${left} of ${all.length} instances` : `${all.length} instances`);
  }

  #showProjects(chosen: string, all: readonly InstanceSnapshot[]): void {
    const projects = projectsOf(all);
    const key = JSON.stringify([chosen, projects]);
    if (key === this.#projects) return;
    this.#projects = key;
    const options = projects.map(({ uuid, name, instances }) =>
      element("option", { text: `${name || uuid} (${instances})`, attributes: { value: uuid } })
    );
    // An address can name a project that has no instance here any more.
    if (chosen !== "" && !projects.some(({ uuid }) => uuid === chosen)) {
      options.unshift(element("option", { text: `${chosen} (0)`, attributes: { value: chosen } }));
    }
    this.#project.replaceChildren(
      element("option", { text: "All projects", attributes: { value: "" } }),
      ...options,
    );
    this.#project.value = chosen;
  }
}
