/// <reference lib="dom" />
import type { NodeSnapshot } from "../live/node_schema.ts";
import { byId, setText } from "./element.ts";
import type { Freshness } from "./freshness.ts";
import { age, binaryBytes, count, percent, written } from "./quantity.ts";

/** The head of the page: which node, how old, and how libvirt, conntrack and the lists are. */
export class NodeHeader {
  readonly #name = byId("node-name");
  readonly #word = byId("freshness");
  readonly #age = byId("age");
  readonly #banner = byId("banner");
  readonly #bannerText = byId("banner-text");
  readonly #guests = byId("guests");
  readonly #libvirt = byId("libvirt");
  readonly #conntrack = byId("conntrack");
  readonly #fill = byId("conntrack-fill");
  readonly #feeds = byId("feeds");
  readonly #collectors = byId("collectors");
  readonly #said = byId("said");

  /** Shows how fresh the page is; called each second. */
  showFreshness(
    { level, word, banner }: Freshness,
    facts: {
      readonly ageSeconds: number | undefined;
      readonly intervalSeconds: number | undefined;
    },
  ): void {
    const { ageSeconds, intervalSeconds } = facts;
    document.documentElement.dataset["level"] = level;
    setText(this.#word, word);
    const every = intervalSeconds === undefined ? "" : `, every ${intervalSeconds} s`;
    setText(this.#age, ageSeconds === undefined ? "no data yet" : `${age(ageSeconds)} old${every}`);
    this.#banner.hidden = banner === undefined;
    setText(this.#bannerText, banner ?? "");
    // Read aloud once when it changes, and not each second.
    setText(this.#said, level === "good" ? "Live" : level === "waiting" ? "" : word);
  }

  /** Shows a snapshot. */
  show(snapshot: NodeSnapshot, nowSeconds: number): void {
    const { node, totals, libvirt, conntrack, collectors } = snapshot;
    setText(this.#name, node);
    setText(
      this.#guests,
      `${written(count(totals.instances))}, ${written(count(totals.vcpus))} vCPUs, ${
        written(binaryBytes(totals.memory_bytes))
      }`,
    );
    state(this.#libvirt, libvirt.up ? "up" : "down", !libvirt.up);
    const { up, over, entries, max, fill_percent } = conntrack;
    const fill = entries === null
      ? "not known"
      : `${written(percent(fill_percent))}${over ? ", nearly full" : ""} (${
        written(count(entries))
      } of ${written(count(max))})`;
    state(this.#conntrack, up ? fill : "cannot be read", !up || over);
    this.#fill.hidden = fill_percent === null;
    this.#fill.setAttribute("value", String(fill_percent ?? 0));
    const failed = collectors.filter(({ success }) => !success).map(({ name }) => name);
    state(
      this.#collectors,
      failed.length > 0 ? `failed: ${failed.join(", ")}` : `${collectors.length} ok`,
      failed.length > 0,
    );
    document.documentElement.dataset["lists"] = snapshot.feeds.length > 0 ? "on" : "off";
    const feeds = feedsText(snapshot, nowSeconds);
    state(this.#feeds, feeds.text, feeds.isBad);
  }
}

function state(target: HTMLElement, text: string, isBad: boolean): void {
  setText(target, text);
  target.classList.toggle("bad", isBad);
}

function feedsText(
  { feeds }: NodeSnapshot,
  nowSeconds: number,
): { readonly text: string; readonly isBad: boolean } {
  if (feeds.length === 0) return { text: "off", isBad: false };
  const unread = feeds.filter(({ last_success_at }) => last_success_at === null);
  if (unread.length > 0) {
    return { text: `never read: ${unread.map(({ list }) => list).join(", ")}`, isBad: true };
  }
  const entries = feeds.reduce((sum, feed) => sum + feed.entries, 0);
  const oldest = Math.min(...feeds.map(({ last_success_at }) => last_success_at ?? nowSeconds));
  const lists = feeds.length === 1 ? "1 list" : `${feeds.length} lists`;
  return {
    text: `${lists}, ${written(count(entries))} entries, ${age(nowSeconds - oldest)} old`,
    isBad: false,
  };
}
