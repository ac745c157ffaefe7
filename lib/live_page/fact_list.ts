/// <reference lib="dom" />
import { element, setText } from "./element.ts";

/** Names and values, one below the other; an empty value is left out. */
export class FactList {
  readonly root = element("dl", { class: "facts" });
  readonly #values = new Map<string, HTMLElement>();

  update(facts: readonly (readonly [string, string])[]): void {
    for (const [name, text] of facts) {
      const value = this.#values.get(name) ?? this.#begin(name);
      setText(value, text);
      if (value.parentElement) value.parentElement.hidden = text === "";
    }
  }

  #begin(name: string): HTMLElement {
    const value = element("dd");
    this.root.append(element("div", { children: [element("dt", { text: name }), value] }));
    this.#values.set(name, value);
    return value;
  }
}
