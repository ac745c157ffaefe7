import { NO_LABELS } from "../metrics/labels.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import { REFRESH, type RefreshFamilies } from "../metrics/threat_families.ts";
import type { ListTelemetry } from "../threat/telemetry.ts";

/** Value of each family; times in seconds. Undefined is not known yet. */
const VALUES: Readonly<
  Record<keyof RefreshFamilies, (telemetry: ListTelemetry) => number | undefined>
> = {
  lastSuccess: ({ lastSuccessMs }) => seconds(lastSuccessMs),
  duration: ({ durationMs }) => seconds(durationMs),
  errors: ({ errorsTotal }) => errorsTotal,
  entries: ({ entries }) => entries,
};

/** How the refreshing of each list stands; what is not known yet has no sample. */
export function feedSamples(telemetry: readonly ListTelemetry[]): readonly Sample[] {
  return telemetry.flatMap((ofList) =>
    (Object.keys(VALUES) as (keyof RefreshFamilies)[]).flatMap((key) => {
      const value = VALUES[key](ofList);
      return value === undefined ? [] : [sample(REFRESH[ofList.list][key], NO_LABELS, value)];
    })
  );
}

function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
