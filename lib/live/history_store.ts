import type { HistoryFrame } from "./history_frame.ts";
import {
  type Channel,
  CHANNELS,
  type InstanceHistory,
  type NodeHistory,
  SPARK_NAMES,
  type SparkName,
  SPARKS,
} from "./history_schema.ts";
import { InstanceRing } from "./instance_ring.ts";
import { SCHEMA_VERSION } from "./node_schema.ts";
import type { HistoryCycle } from "./node_view.ts";

/** Most points of a small picture: the newest ones. */
const MOST_SPARK_POINTS = 60;
/** Where the channels stand that each small picture adds up. */
const SPARK_CHANNELS = SPARK_NAMES.map((name) =>
  SPARKS[name].map((channel) => CHANNELS.indexOf(channel))
);

/**
 * The last hour of each instance of the newest listing, and of no other. It lives on the main thread,
 * so that a request is answered while the collecting thread waits, and outlives that thread.
 */
export class HistoryStore {
  readonly #frame: HistoryFrame;
  #instances: ReadonlyMap<string, InstanceRing> = new Map();
  #originMs: number | undefined;
  #newest = 0;

  constructor(frame: HistoryFrame) {
    this.#frame = frame;
  }

  /** Takes in a cycle that listed the domains; an instance that is not in it is forgotten. */
  put({ dueAtMs, uuids, values }: HistoryCycle): void {
    const { stepMs, cyclesPerPoint } = this.#frame;
    this.#originMs ??= dueAtMs;
    const cycle = Math.round((dueAtMs - this.#originMs) * cyclesPerPoint / stepMs);
    const point = Math.floor(cycle / cyclesPerPoint);
    if (point < this.#newest) {
      // The clock was set back before a new collecting thread began: what is kept has no place in time.
      this.#instances = new Map();
      this.#originMs = dueAtMs;
      this.#newest = 0;
    } else this.#newest = point;
    const instances = new Map<string, InstanceRing>();
    uuids.forEach((uuid, at) => {
      const ring = this.#instances.get(uuid) ?? this.#begin();
      ring.add(this.#newest, values, at * CHANNELS.length);
      instances.set(uuid, ring);
    });
    this.#instances = instances;
  }

  /** The history of one instance; undefined where no such instance runs. */
  instance(uuid: string): InstanceHistory | undefined {
    const ring = this.#instances.get(uuid);
    if (ring === undefined) return undefined;
    const series = Object.fromEntries(
      CHANNELS.map((name, channel) => [name, ring.read(channel, this.#newest)]),
    ) as Record<Channel, (number | null)[]>;
    return { ...this.#frameNow(), uuid, series };
  }

  /** The newest points of every instance. */
  node(): NodeHistory {
    const instances = [...this.#instances].map(([uuid, ring]) => ({
      uuid,
      ...Object.fromEntries(
        SPARK_NAMES.map((name, at) => [name, this.#sparkOf(ring, SPARK_CHANNELS[at] ?? [])]),
      ) as Record<SparkName, (number | null)[]>,
    }));
    return { ...this.#frameNow(), instances };
  }

  #begin(): InstanceRing {
    const { points } = this.#frame;
    return new InstanceRing(this.#newest, { channels: CHANNELS.length, points });
  }

  /** The sum of some channels; unknown where one of them is. */
  #sparkOf(ring: InstanceRing, channels: readonly number[]): (number | null)[] {
    const [first = [], ...others] = channels.map((channel) =>
      ring.read(channel, this.#newest, MOST_SPARK_POINTS)
    );
    return first.map((value, at) =>
      others.reduce<number | null>((sum, values) => {
        const more = values[at] ?? null;
        return sum === null || more === null ? null : sum + more;
      }, value)
    );
  }

  #frameNow(): Pick<InstanceHistory, "schema" | "step_seconds" | "ended_at"> {
    const { stepMs } = this.#frame;
    return {
      schema: SCHEMA_VERSION,
      step_seconds: stepMs / 1000,
      ended_at: ((this.#originMs ?? 0) + this.#newest * stepMs) / 1000,
    };
  }
}
