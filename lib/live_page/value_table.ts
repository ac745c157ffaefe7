/// <reference lib="dom" />
import { element, setText } from "./element.ts";

/** One cell: its text, and whether it asks for attention. */
export interface ValueCell {
  readonly text: string;
  /** A word that says why it asks for attention. */
  readonly mark?: string | undefined;
}

/** A column of a {@link ValueTable}. */
export interface ValueColumn {
  readonly title: string;
  readonly isNumber?: true;
  /** Text that may be long: it may break anywhere. */
  readonly isLong?: true;
}

/** A small table whose cells keep their elements from cycle to cycle, so that text can be selected. */
export class ValueTable {
  readonly root: HTMLElement;
  readonly #columns: readonly ValueColumn[];
  readonly #body = element("tbody");
  readonly #table: HTMLElement;
  readonly #nothing: HTMLElement;

  /** @param nothing Says that there is no row. */
  constructor(title: string, columns: readonly ValueColumn[], nothing: string) {
    this.#columns = columns;
    const head = columns.map(({ title, isNumber }) =>
      element("th", {
        text: title,
        class: isNumber ? "right" : "",
        attributes: { scope: "col" },
      })
    );
    this.#table = element("table", {
      children: [
        element("caption", { class: "unseen", text: title }),
        element("thead", { children: [element("tr", { children: head })] }),
        this.#body,
      ],
    });
    this.#nothing = element("p", { class: "quiet", text: nothing });
    this.root = element("section", {
      class: "values",
      children: [
        element("h3", { text: title }),
        element("div", {
          class: "scroll-x",
          // Whoever has no mouse scrolls it with the keyboard.
          attributes: { tabindex: "0", role: "group", "aria-label": title },
          children: [this.#table],
        }),
        this.#nothing,
      ],
    });
  }

  /** Shows these rows; the first cell of each is its heading. */
  update(rows: readonly (readonly ValueCell[])[]): void {
    this.#table.hidden = rows.length === 0;
    this.#nothing.hidden = rows.length > 0;
    while (this.#body.rows.length > rows.length) this.#body.deleteRow(-1);
    rows.forEach((cells, at) => {
      const row = this.#body.rows[at] ?? this.#body.appendChild(this.#newRow());
      cells.forEach(({ text, mark }, column) => {
        const cell = row.cells[column];
        if (!cell) return;
        setText(cell.firstElementChild ?? cell, text);
        setText(cell.lastElementChild ?? cell, mark ?? "");
        cell.classList.toggle("over", mark !== undefined);
      });
    });
  }

  #newRow(): HTMLTableRowElement {
    const cells = this.#columns.map(({ isNumber, isLong }, at) => {
      const children = [element("span"), element("span", { class: "mark" })];
      const className = `${isNumber ? "right" : ""}${isLong ? " long" : ""}`.trim();
      return at === 0
        ? element("th", { class: className, attributes: { scope: "row" }, children })
        : element("td", { class: className, children });
    });
    return element("tr", { children: cells });
  }
}
