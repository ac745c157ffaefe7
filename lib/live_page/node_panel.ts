/// <reference lib="dom" />
import type { NodeSnapshot } from "../live/node_schema.ts";
import { element, setText } from "./element.ts";
import { FactList } from "./fact_list.ts";
import { age, binaryBytes, count, duration, percent, written } from "./quantity.ts";
import { ValueTable } from "./value_table.ts";

/** The node and its exporter, opened: cycle, collectors, lists. */
export class NodePanel {
  readonly root: HTMLElement;
  readonly #name = element("h2", { attributes: { tabindex: "-1" } });
  readonly #facts = new FactList();
  readonly #collectors = new ValueTable("Collectors", [
    { title: "Name" },
    { title: "Newest cycle" },
    { title: "Took", isNumber: true },
  ], "No cycle has ended yet.");
  readonly #feeds = new ValueTable("Threat lists", [
    { title: "List" },
    { title: "Entries", isNumber: true },
    { title: "Known to hold", isNumber: true },
    { title: "Failed refreshes", isNumber: true },
    { title: "Newest took", isNumber: true },
  ], "No list is switched on.");
  readonly #listed = new ValueTable("Addresses of this host on a list", [
    { title: "Address" },
    { title: "List" },
  ], "None.");

  constructor() {
    this.root = element("div", {
      class: "node",
      children: [
        this.#name,
        this.#facts.root,
        this.#feeds.root,
        this.#listed.root,
        this.#collectors.root,
      ],
    });
  }

  /** @param nowSeconds Of the exporter's clock, since 1970. */
  update(snapshot: NodeSnapshot, nowSeconds: number): void {
    setText(this.#name, snapshot.node);
    this.#facts.update(factsOf(snapshot, nowSeconds));
    this.#collectors.update(snapshot.collectors.map(({ name, success, duration_seconds }) => [
      { text: name },
      success ? { text: "ok" } : { text: "", mark: "failed" },
      { text: written(duration(duration_seconds)) },
    ]));
    this.#feeds.update(snapshot.feeds.map((feed) => [
      { text: feed.list },
      { text: written(count(feed.entries)) },
      feed.last_success_at === null
        ? { text: "", mark: "never read" }
        : { text: `${age(nowSeconds - feed.last_success_at)} ago` },
      { text: written(count(feed.errors_total)) },
      { text: written(duration(feed.duration_seconds)) },
    ]));
    this.#listed.root.hidden = snapshot.listed_host_addresses.length === 0;
    this.#listed.update(snapshot.listed_host_addresses.map(({ ip, list }) => [
      { text: ip },
      { text: "", mark: list },
    ]));
  }

  focus(): void {
    this.#name.focus({ preventScroll: true });
  }
}

function factsOf(
  { exporter, cycle, libvirt, conntrack, totals }: NodeSnapshot,
  nowSeconds: number,
): readonly (readonly [string, string])[] {
  return [
    ["Exporter", `${exporter.version} (${exporter.revision})`],
    ["Running for", age(nowSeconds - exporter.started_at)],
    [
      "Cycle",
      `every ${cycle.interval_seconds} s, took ${written(duration(cycle.duration_seconds))}, ${
        written(duration(cycle.lag_seconds))
      } late`,
    ],
    ["Cycles skipped", written(count(cycle.skipped_total))],
    ["Errors", written(count(cycle.errors_total))],
    [
      "libvirt",
      libvirt.up ? `up, listing took ${written(duration(libvirt.list_seconds))}` : "down",
    ],
    ["Unusable domains", written(count(libvirt.domain_errors_total))],
    [
      "conntrack",
      conntrack.up
        ? `${written(count(conntrack.entries))} of ${written(count(conntrack.max))} entries, ${
          written(percent(conntrack.fill_percent))
        }, dump took ${written(duration(conntrack.read_seconds))}`
        : "cannot be read",
    ],
    ["Failed dumps", written(count(conntrack.read_errors_total))],
    ["Ambiguous fixed IPs", written(count(conntrack.ambiguous_fixed_ips))],
    [
      "Guests",
      `${written(count(totals.instances))} with ${written(count(totals.vcpus))} vCPUs, ${
        written(binaryBytes(totals.memory_bytes))
      }`,
    ],
  ];
}
