import type { Family } from "../metrics/family.ts";
import type { Sample } from "../metrics/sample.ts";
import type { CycleReadings } from "./cycle.ts";

/**
 * One concern of the host, with series that belong to no instance. It may emit no family that it does
 * not name; what a cycle could not read has no sample in it.
 */
export interface HostCollector {
  /** The name of its flag where it has one (`-collector.NAME`). */
  readonly name: string;
  readonly families: readonly Family[];
  collect(readings: CycleReadings): readonly Sample[];
}
