import { type Panel, type Query, series } from "./dashboard.ts";
import { instanceLinks } from "./links.ts";

/** Matchers of the chosen instance. */
export const I = 'hypervisor=~"$hypervisor",project_uuid=~"$project",instance_uuid=~"$instance"';

/** Joins what is measured with what is known of the instance on the same host. */
export const ON_INSTANCE = "on (hypervisor, instance_uuid) group_left";

/** A counter's rate; `matchers` choose among the series of one instance. */
export function rate(counter: string, matchers = ""): string {
  return `rate(${counter}{${
    [I, matchers].filter((text) => text !== "").join(",")
  }}[$__rate_interval])`;
}

/** Lines that lead to the instance. */
export function lines(
  title: string,
  unit: string,
  queries: readonly Query[],
  more: Partial<Panel> = {},
): Panel {
  return series(title, unit, queries, { links: instanceLinks("series"), ...more });
}

/** Gauges as they are, each with what its legend says. */
export function gauges(
  title: string,
  unit: string,
  named: Readonly<Record<string, string>>,
  more: Partial<Panel> = {},
): Panel {
  const queries = Object.entries(named)
    .map(([metric, legend]) => ({ expr: `${metric}{${I}}`, legend }));
  return lines(title, unit, queries, more);
}

/** What comes in above the axis and what goes out below it. */
export function both(
  title: string,
  unit: string,
  label: string,
  [into, out]: readonly [string, string],
  more: Partial<Panel> = {},
): Panel {
  return lines(title, unit, [
    { expr: into, legend: `${label} in`.trim() },
    { expr: `-(${out})`, legend: `${label} out`.trim() },
  ], more);
}
