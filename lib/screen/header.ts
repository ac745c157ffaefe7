import type { NodeSnapshot } from "../live/node_schema.ts";
import { type Line, type Span, span } from "./line.ts";
import { binary, count, duration, percent } from "./quantities.ts";
import { ageMs, type TopState } from "./top_state.ts";

/** So many intervals old data is late: the next cycle should have ended. */
const LATE_INTERVALS = 2;

type Times = Pick<TopState, "reception" | "nowMs" | "trouble">;

/** The node, how old its data is, and how the exporter gets at it. */
export function titleLine(state: TopState): Line {
  const { node, exporter, cycle } = state.reception.snapshot;
  const age = ageMs(state);
  return fields([
    ["", span(node, "strong")],
    [
      "data",
      age === undefined
        ? span("none yet", "warn")
        : span(`${duration(age / 1000)} old`, toneOfAge(state)),
    ],
    ["every", span(seconds(cycle.interval_seconds))],
    ["cycle took", span(cycle.duration_seconds === null ? "-" : seconds(cycle.duration_seconds))],
    ["exporter", span(exporter.version)],
  ]);
}

/** libvirt, the connection tracking table and what the guests have together. */
export function healthLine({ libvirt, conntrack, totals }: NodeSnapshot): Line {
  const fill = `${percent(conntrack.fill_percent)} % of ${count(conntrack.max)}`;
  return fields([
    ["libvirt", libvirt.up ? span("up", "good") : span("DOWN", "bad")],
    [
      "conntrack",
      conntrack.up
        ? span(conntrack.over ? `${fill} FULL` : fill, conntrack.over ? "bad" : "good")
        : span("not read", "warn"),
    ],
    ["instances", span(count(totals.instances))],
    ["vCPUs", span(count(totals.vcpus))],
    ["memory", span(binary(totals.memory_bytes))],
  ]);
}

/** The threat lists, and the collectors that failed. */
export function feedsLine({ feeds, collectors }: NodeSnapshot): Line {
  const failed = collectors.filter(({ success }) => !success).map(({ name }) => name);
  const stand = feeds.length === 0 ? [span("off", "dim")] : feeds.flatMap((feed, at) => [
    ...at === 0 ? [] : [span(", ")],
    feed.last_success_at === null
      ? span(`${feed.list} not yet read`, "warn")
      : span(`${feed.list} ${count(feed.entries)}`, "plain"),
  ]);
  const troubles = failed.length === 0
    ? []
    : [span("  failed ", "dim"), span(failed.join(", "), "bad")];
  return [span("lists ", "dim"), ...stand, ...troubles];
}

/** What is wrong with what is shown, the worst thing alone; undefined where nothing is. */
export function warning(state: Times): Span | undefined {
  const { trouble, nowMs, reception: { snapshot } } = state;
  const age = ageMs(state);
  if (trouble !== undefined) {
    const silent = duration((nowMs - trouble.sinceMs) / 1000);
    return span(`No answer for ${silent}: ${trouble.reason}. Asking again.`, "bad");
  }
  if (age === undefined) return span("No cycle was complete yet.", "warn");
  if (!snapshot.libvirt.up) {
    const newest = snapshot.instances.length === 0
      ? "what it had is too old to show"
      : "this is what was";
    return span(`libvirt does not answer the exporter: ${newest}.`, "bad");
  }
  if (isLate(state)) {
    return span(`The data is ${duration(age / 1000)} old: the next cycle is late.`, "warn");
  }
  const [first, ...others] = snapshot.listed_host_addresses;
  if (first === undefined) return undefined;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return span(`This host itself is on a list: ${first.ip} on ${first.list}${more}.`, "bad");
}

/** Whether the numbers are not of now. */
export function isLate(state: Times): boolean {
  const age = ageMs(state);
  const { interval_seconds } = state.reception.snapshot.cycle;
  return age !== undefined && age > LATE_INTERVALS * 1000 * interval_seconds + 1000;
}

function toneOfAge(state: TopState): Span["tone"] {
  if (state.trouble !== undefined) return "bad";
  return isLate(state) ? "warn" : "good";
}

function seconds(value: number): string {
  if (value < 1) return `${Math.round(1000 * value)} ms`;
  return value < 60 ? `${Number(value.toFixed(1))} s` : duration(value);
}

function fields(pairs: readonly (readonly [string, Span])[]): Line {
  return pairs.flatMap(([name, value], at) => [
    ...at === 0 ? [] : [span("  ")],
    ...name === "" ? [] : [span(`${name} `, "dim")],
    value,
  ]);
}
