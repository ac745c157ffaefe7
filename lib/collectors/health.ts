import type { BuildInfo } from "../build_info.ts";
import { HEALTH } from "../metrics/health_families.ts";
import { BUILD_INFO, COLLECTOR, PROCESS } from "../metrics/host_families.ts";
import { labelText, NO_LABELS } from "../metrics/labels.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { CollectorResult } from "./runner.ts";

/** A value that is known only sometimes: absent on the page then, never a made-up zero. */
type Known = number | undefined;

/** All numbers of {@link HEALTH} by their keys; times and durations in seconds. */
export type HealthReading = Readonly<Record<keyof typeof HEALTH, Known>>;

/** All numbers of {@link PROCESS} by their keys; absent where the system does not say them. */
export type ProcessReading = Readonly<Partial<Record<keyof typeof PROCESS, number>>>;

/** Samples of the exporter's own health. */
export function healthSamples(health: HealthReading): readonly Sample[] {
  return plainSamples(HEALTH, health);
}

/** Samples of the exporter's own process. */
export function processSamples(process: ProcessReading): readonly Sample[] {
  return plainSamples(PROCESS, process);
}

/** What is running, as its one series. */
export function buildInfoSample(build: BuildInfo): Sample {
  const { version, revision, deno, arch } = build;
  return sample(BUILD_INFO, labelText(BUILD_INFO.labels, { version, revision, deno, arch }), 1);
}

/** Duration and success of each collector. */
export function collectorSamples(results: readonly CollectorResult[]): readonly Sample[] {
  return results.flatMap(({ name, durationMs, success }) => {
    const labels = labelText(COLLECTOR.duration.labels, { collector: name });
    return [
      sample(COLLECTOR.duration, labels, durationMs / 1000),
      sample(COLLECTOR.success, labels, success ? 1 : 0),
    ];
  });
}

function plainSamples<Key extends string>(
  families: Readonly<Record<Key, typeof HEALTH.libvirtUp>>,
  values: Readonly<Partial<Record<Key, Known>>>,
): readonly Sample[] {
  return (Object.keys(families) as Key[]).flatMap((key) => {
    const value = values[key];
    return value === undefined ? [] : [sample(families[key], NO_LABELS, value)];
  });
}
