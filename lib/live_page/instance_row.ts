/// <reference lib="dom" />
import type { SparkName } from "../live/history_schema.ts";
import type { InstanceSnapshot } from "../live/node_schema.ts";
import { type Column, COLUMNS, numberOf } from "./columns.ts";
import { element, setText } from "./element.ts";
import { showMarks } from "./mark_labels.ts";
import { SPARK_SIZE, sparkPath } from "./sparkline.ts";
import { SPARK_POINTS, type Sparks } from "./sparks.ts";

const SVG = "http://www.w3.org/2000/svg";

interface Cell {
  readonly column: Column;
  readonly root: HTMLTableCellElement;
  /** Where its text stands. */
  readonly target: HTMLElement;
  /** Of a quantity. */
  readonly unit?: HTMLElement;
  readonly line?: SVGPathElement;
}

/** One row of the table; it stays the same element for as long as the instance runs. */
export class InstanceRow {
  readonly uuid: string;
  readonly root: HTMLTableRowElement;
  readonly link: HTMLAnchorElement;
  readonly #name: HTMLElement;
  readonly #cells: readonly Cell[];
  #isNear = false;
  #isBehind = false;
  #instance: InstanceSnapshot | undefined;

  constructor(uuid: string) {
    this.uuid = uuid;
    this.#name = element("span");
    this.link = element("a", { children: [this.#name] });
    const name = element("th", {
      class: "c-name",
      attributes: { role: "rowheader", scope: "row" },
      children: [this.link],
    });
    this.#cells = COLUMNS.map(cellOf);
    this.root = element("tr", {
      attributes: { role: "row" },
      children: [name, ...this.#cells.map(({ root }) => root)],
    });
    this.root.dataset["uuid"] = uuid;
  }

  /** Takes the newest numbers in, and shows them if anybody can see it. */
  update(instance: InstanceSnapshot, sparks: Sparks): void {
    this.#instance = instance;
    setText(this.#name, instance.name || instance.domain);
    this.link.title = `${instance.name || instance.domain} (${instance.domain})`;
    this.#isBehind = true;
    if (this.#isNear) this.#show(sparks);
  }

  /** Tells whether it is near what can be seen; what nobody sees is not kept up to date. */
  setNear(isNear: boolean, sparks: Sparks): void {
    this.#isNear = isNear;
    if (isNear && this.#isBehind) this.#show(sparks);
  }

  #show(sparks: Sparks): void {
    const instance = this.#instance;
    if (!instance) return;
    this.#isBehind = false;
    for (const { column: { key, cell }, target, unit, line } of this.#cells) {
      switch (cell.kind) {
        case "text":
          setText(target, cell.text(instance));
          break;
        case "marks":
          showMarks(target, instance.over);
          break;
        case "quantity": {
          const value = numberOf(instance, key);
          const shown = cell.show(value);
          setText(target, shown.number);
          if (unit) setText(unit, shown.unit);
          target.classList.toggle("none", !value);
          if (line && cell.spark) this.#draw(line, cell.spark, sparks);
        }
      }
    }
  }

  #draw(
    line: SVGPathElement,
    { name, ceiling }: { readonly name: SparkName; readonly ceiling: number },
    sparks: Sparks,
  ): void {
    const path = sparkPath(sparks.values(this.uuid, name), { points: SPARK_POINTS, ceiling });
    if (line.getAttribute("d") !== path) line.setAttribute("d", path);
  }
}

function cellOf(column: Column): Cell {
  const { key, cell } = column;
  if (cell.kind !== "quantity") {
    const target = element("span", { class: cell.kind });
    const root = element("td", {
      class: `c-${key}`,
      attributes: { role: "cell" },
      children: [target],
    });
    return { column, root, target };
  }
  const target = element("span", { class: "number" });
  const unit = element("span", { class: "unit" });
  const spark = cell.spark && sparkline();
  const root = element("td", {
    class: `quantity c-${key}`,
    attributes: { role: "cell" },
    children: [...spark ? [spark.picture] : [], target, unit],
  });
  return { column, root, target, unit, ...spark && { line: spark.line } };
}

function sparkline(): { readonly picture: SVGSVGElement; readonly line: SVGPathElement } {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "spark");
  picture.setAttribute("viewBox", `0 0 ${SPARK_SIZE.width} ${SPARK_SIZE.height}`);
  // The number beside it says what counts.
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  picture.append(line);
  return { picture, line };
}
