import { type NodeHistory, SPARK_NAMES, type SparkName, SPARKS } from "../live/history_schema.ts";
import type { InstanceSnapshot } from "../live/node_schema.ts";
import { Timeline, type TimelineFrame } from "./timeline.ts";

/** Points of a small picture. */
export const SPARK_POINTS = 60;

/** The newest points of every instance: remembered by the exporter, then by the page. */
export class Sparks {
  #frame: TimelineFrame | undefined;
  #timelines = new Map<string, Timeline>();

  /** Begins with what the exporter remembers. */
  begin(history: NodeHistory): void {
    this.#frame = history;
    this.#timelines = new Map(history.instances.map((instance) => [
      instance.uuid,
      new Timeline(history, SPARK_NAMES.map((name) => instance[name]), SPARK_POINTS),
    ]));
  }

  /** Takes in a cycle that ended at `at`, in seconds since 1970; who is not in it is forgotten. */
  add(at: number, instances: readonly InstanceSnapshot[]): void {
    const frame = this.#frame;
    if (!frame) return;
    const timelines = new Map<string, Timeline>();
    for (const instance of instances) {
      const timeline = this.#timelines.get(instance.uuid) ??
        new Timeline({ ...frame, ended_at: at }, SPARK_NAMES.map(() => []), SPARK_POINTS);
      timeline.add(at, SPARK_NAMES.map((name) => newest(instance, name)));
      timelines.set(instance.uuid, timeline);
    }
    this.#timelines = timelines;
  }

  /** Points of one picture, oldest first. */
  values(uuid: string, name: SparkName): readonly (number | null)[] {
    return this.#timelines.get(uuid)?.values(SPARK_NAMES.indexOf(name)) ?? [];
  }
}

function newest({ cpu_percent, sum }: InstanceSnapshot, name: SparkName): number | null {
  const values = { cpu_percent, ...sum };
  const known = SPARKS[name].map((channel) => values[channel]);
  return known.reduce((total, value) => total === null || value === null ? null : total + value);
}
