/**
 * Numbers for holdings that stay the same from interval to interval, where a holding's place does
 * not. No number is given twice, so what is still kept of a fixed IP that is gone can match nothing.
 */
export class HoldingIds {
  /** By name, as the last interval committed had them. */
  #known: ReadonlyMap<string, number> = new Map();
  #current: ReadonlyMap<string, number> = new Map();
  /** 0 marks an empty slot of the tables that are keyed by them. */
  #next = 1;

  /** The id of each holding of an interval; `names` are the same in every interval. */
  begin(names: readonly string[]): Uint32Array {
    const ids = names.map((name) => this.#known.get(name) ?? this.#next++);
    this.#current = new Map(names.map((name, holding) => [name, ids[holding]!]));
    return Uint32Array.from(ids);
  }

  /** Makes this interval the one whose ids are known to the next. */
  commit(): void {
    this.#known = this.#current;
  }
}
