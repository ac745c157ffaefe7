/// <reference lib="dom" />
import type { InstanceSnapshot, NodeSnapshot } from "../live/node_schema.ts";
import { AttentionStrip } from "./attention_strip.ts";
import { byId, setText } from "./element.ts";
import { Filters } from "./filters.ts";
import { freshnessOf } from "./freshness.ts";
import { hasGap } from "./gap.ts";
import { InstanceTable } from "./instance_table.ts";
import { fetchNodeHistory, NodeFeed } from "./node_feed.ts";
import { NodeHeader } from "./node_header.ts";
import { OpenPanel } from "./open_panel.ts";
import { formatState, type PageState, parseState } from "./page_state.ts";
import { selected } from "./selection.ts";
import { sorted, startsDescending } from "./sort_key.ts";
import { Sparks } from "./sparks.ts";

/** The whole page: what the exporter says, what the address asks for, and the parts that show it. */
export class LivePage {
  readonly #feed = new NodeFeed(() => this.#answered());
  readonly #sparks = new Sparks();
  readonly #header = new NodeHeader();
  readonly #attention = new AttentionStrip({
    filter: (mark) => this.change({ mark: this.#state.mark === mark ? undefined : mark }),
    open: (uuid) => this.open({ kind: "instance", uuid }),
  });
  readonly #filters = new Filters((filter) => this.change(filter));
  readonly #panel = new OpenPanel(() => this.open({ kind: "nothing" }));
  readonly #table = new InstanceTable(this.#sparks, {
    sort: (column) => {
      const { sort } = this.#state;
      const descending = sort.column === column ? !sort.descending : startsDescending(column);
      this.#isSortedAnew = true;
      this.change({ sort: { column, descending } });
    },
    open: (uuid) => this.open({ kind: "instance", uuid }),
    address: (uuid) => formatState({ ...this.#state, open: { kind: "instance", uuid } }),
  });
  readonly #empty = byId("empty");
  readonly #held = byId("held");
  #state: PageState = parseState(location.hash);
  /** Instances that are shown, and whether they are older than what the exporter still says. */
  #instances: readonly InstanceSnapshot[] = [];
  #isKept = false;
  #shown: NodeSnapshot | undefined;
  #isSortedAnew = true;

  /** Begins to ask and to show. */
  start(): void {
    addEventListener("hashchange", () => {
      this.#state = parseState(location.hash);
      this.#isSortedAnew = true;
      this.#show(undefined);
    });
    byId("retry").addEventListener("click", () => void this.#feed.ask());
    setInterval(() => this.#showFreshness(), 1000);
    this.#showFreshness();
    this.#show(undefined);
    void this.#feed.ask();
  }

  get state(): PageState {
    return this.#state;
  }

  /** Changes how the table is filtered or sorted; the address says it at once. */
  change(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    history.replaceState(null, "", formatState(this.#state));
    this.#isSortedAnew = true;
    this.#show(undefined);
  }

  /** Opens something beside the table, or closes it; the browser's way back undoes that. */
  open(open: PageState["open"]): void {
    const closed = this.#state.open;
    this.#state = { ...this.#state, open };
    const address = formatState(this.#state);
    if (address !== location.hash) history.pushState(null, "", address);
    this.#show(undefined);
    if (open.kind !== "nothing") this.#panel.focus();
    else if (closed.kind === "instance") this.#table.focus(closed.uuid);
  }

  /** Puts the focus on the text to filter by. */
  focusFilter(): void {
    this.#filters.focus();
  }

  /** Moves the focus by rows. */
  moveFocus(by: number): void {
    this.#table.moveFocus(by);
  }

  /** Draws what is drawn in colours anew. */
  redraw(): void {
    this.#panel.redraw();
  }

  #answered(): void {
    const { received } = this.#feed;
    const snapshot = received?.snapshot;
    if (!snapshot || snapshot === this.#shown) {
      this.#showFreshness();
      return;
    }
    const before = this.#shown;
    this.#shown = snapshot;
    if (before && isOtherProgram(before, snapshot)) {
      // This page is of the program that was there before.
      location.reload();
      return;
    }
    // What an exporter that lost sight of its guests said last is still worth a look: with its age.
    this.#isKept = !snapshot.libvirt.up && snapshot.instances.length === 0 &&
      this.#instances.length > 0;
    if (!this.#isKept) this.#instances = snapshot.instances;
    const at = snapshot.cycle.collected_at;
    const isNewer = at !== null && at !== before?.cycle.collected_at && !this.#isKept;
    if (isNewer) this.#sparks.add(at, snapshot.instances);
    if (hasGap(before, snapshot)) void this.#remember();
    this.#header.show(snapshot, this.#nowSeconds(snapshot));
    this.#showFreshness();
    this.#show(isNewer ? at : undefined);
  }

  /** Asks for the newest points: at the start, and where the page or the exporter was away. */
  async #remember(): Promise<void> {
    const history = await fetchNodeHistory();
    if (typeof history === "object") {
      this.#sparks.begin(history);
      this.#show(undefined);
    }
    await this.#panel.reload();
  }

  #show(at: number | undefined): void {
    const { sort, open } = this.#state;
    const opened = open.kind === "instance" ? open.uuid : undefined;
    const left = selected(this.#instances, this.#state);
    const isHeld = !this.#isSortedAnew && this.#table.isPointedAt;
    const instances = isHeld ? inOrder(left, this.#table.order) : sorted(left, sort);
    this.#isSortedAnew = false;
    this.#held.hidden = !isHeld;
    this.#table.update({ instances, sort, opened });
    this.#filters.update(this.#state, this.#instances, left.length);
    this.#attention.update({ instances: this.#instances }, this.#state.mark);
    this.#showEmpty(left.length);
    if (!this.#shown) return;
    this.#panel.update(open, {
      snapshot: this.#shown,
      instances: this.#instances,
      at,
      nowSeconds: this.#nowSeconds(this.#shown),
    });
  }

  #showEmpty(left: number): void {
    this.#empty.hidden = left > 0 || this.#shown === undefined;
    if (this.#empty.hidden) return;
    setText(
      this.#empty,
      this.#instances.length > 0
        ? "No instance matches the filter."
        : this.#shown?.libvirt.up
        ? "No instance runs on this node."
        : "Nothing is known of this node's instances.",
    );
  }

  #showFreshness(): void {
    const nowMs = performance.now();
    const { contact, received } = this.#feed;
    const ageSeconds = received?.ageMs === undefined
      ? undefined
      : (received.ageMs + nowMs - received.atMs) / 1000;
    const cycle = received?.snapshot.cycle;
    const freshness = freshnessOf({
      nowMs,
      contact,
      ageSeconds,
      libvirtUp: received?.snapshot.libvirt.up ?? true,
      lifetimeSeconds: cycle?.lifetime_seconds ?? Infinity,
      isKept: this.#isKept,
    });
    this.#header.showFreshness(freshness, {
      ageSeconds,
      intervalSeconds: cycle?.interval_seconds,
    });
    const name = received?.snapshot.node ?? "OpenStack Instance Exporter";
    const marked = this.#instances.filter(({ over }) => over.length > 0).length;
    const title = `${marked > 0 ? `(${marked}) ` : ""}${name}${
      freshness.level === "good" ? "" : `, ${freshness.word.toLowerCase()}`
    }`;
    if (document.title !== title) document.title = title;
  }

  /** Now by the exporter's clock, as well as it is known. */
  #nowSeconds({ cycle }: NodeSnapshot): number {
    const { received } = this.#feed;
    if (cycle.collected_at === null || received?.ageMs === undefined) return Date.now() / 1000;
    return cycle.collected_at + (received.ageMs + performance.now() - received.atMs) / 1000;
  }
}

/** Those instances in an order of UUIDs; who is not in it comes last. */
function inOrder(
  instances: readonly InstanceSnapshot[],
  order: readonly string[],
): readonly InstanceSnapshot[] {
  const places = new Map(order.map((uuid, at) => [uuid, at]));
  const place = ({ uuid }: InstanceSnapshot) => places.get(uuid) ?? Infinity;
  return instances.toSorted((a, b) => {
    const [first, second] = [place(a), place(b)];
    return first === second ? 0 : first - second;
  });
}

function isOtherProgram(before: NodeSnapshot, { exporter, schema }: NodeSnapshot): boolean {
  return before.schema !== schema || before.exporter.version !== exporter.version ||
    before.exporter.revision !== exporter.revision;
}
