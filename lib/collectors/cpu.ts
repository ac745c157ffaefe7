import { CPU_PERCENT } from "../metrics/instance_families.ts";
import { sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import { currentVcpus } from "./instance.ts";
import { instanceLabels } from "./instance_labels.ts";

/** CPU time of a domain at a moment of a clock that never steps. */
export interface CpuReading {
  readonly cpuTimeNs: bigint;
  readonly atMs: number;
}

/** CPU percent between the two newest readings; idle instances are left out. */
export const CPU: Collector = {
  name: "cpu",
  families: [CPU_PERCENT],
  start(config) {
    const min = config["cpu.min"];
    const last = new WeakMap<object, CpuReading>();
    const wasBusy = new WeakSet();
    return (instance, { statsAtMs }) => {
      const { run, stats: { cpuTimeNs } } = instance;
      if (cpuTimeNs === undefined) return undefined;
      const before = last.get(run);
      last.set(run, { cpuTimeNs, atMs: statsAtMs });
      const vcpus = currentVcpus(instance);
      if (!before || !vcpus) return [];
      const percent = cpuPercent(before, { cpuTimeNs, atMs: statsAtMs }, vcpus);
      if (percent === undefined) return [];
      const isTrailing = wasBusy.delete(run);
      if (percent >= min) wasBusy.add(run);
      else if (!isTrailing) return [];
      return [sample(CPU_PERCENT, instanceLabels(instance), percent)];
    };
  },
};

/** Percent of all vCPUs used between two readings, in [0, 100]; undefined where none follows. */
export function cpuPercent(
  before: CpuReading,
  now: CpuReading,
  vcpus: number,
): number | undefined {
  const usedNs = Number(now.cpuTimeNs - before.cpuTimeNs);
  const elapsedNs = (now.atMs - before.atMs) * 1e6;
  if (usedNs < 0 || elapsedNs <= 0) return undefined;
  return Math.min(100, usedNs / elapsedNs / vcpus * 100);
}
