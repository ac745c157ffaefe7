import { type Panel, series } from "./dashboard.ts";

/** The part of their time that vCPUs wait for a CPU of the host, by instance. */
export function stealShare(matchers: string): string {
  return `rate(oie_cpu_steal_seconds_total{${matchers}}[$__rate_interval])` +
    ` / oie_cpu_vcpus{${matchers}}`;
}

/** Mean time of a request of each disk, in seconds; without requests there is none. */
export function meanTime(seconds: string, requests: string, matchers: string): string {
  const rate = (counter: string) => `rate(${counter}{${matchers}}[$__rate_interval])`;
  return `${rate(seconds)} / (${rate(requests)} > 0)`;
}

/** The instances that wait, as `expr` chooses them. */
export function stealPanel(expr: string, legend: string, more: Partial<Panel>): Panel {
  return series("Waiting for a CPU of the host, of all vCPUs", "percentunit", [{ expr, legend }], {
    description: "What guests see as steal.",
    ...more,
  });
}
