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

/** Most points of a small picture. */
const MOST_SPARK_POINTS = 60;
/** Where the channels stand that each small picture adds up. */
const SPARK_CHANNELS = SPARK_NAMES.map((name) =>
  SPARKS[name].map((channel) => CHANNELS.indexOf(channel))
);

interface Remembered {
  readonly fine: InstanceRing;
  readonly sparks: InstanceRing;
}

/**
 * The last hour of each instance of the newest listing, and of no other. It lives on the main thread,
 * so that a request is answered while the collecting thread waits, and outlives that thread.
 */
export class HistoryStore {
  readonly #frame: HistoryFrame;
  /** Points that one point of a small picture stands for. */
  readonly #merged: number;
  readonly #sparkPoints: number;
  readonly #sparkValues = new Float32Array(SPARK_NAMES.length);
  #instances: ReadonlyMap<string, Remembered> = new Map();
  #originMs: number | undefined;
  #newest = 0;

  constructor(frame: HistoryFrame) {
    this.#frame = frame;
    this.#merged = Math.ceil(frame.points / MOST_SPARK_POINTS);
    this.#sparkPoints = Math.ceil(frame.points / this.#merged);
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
    const instances = new Map<string, Remembered>();
    uuids.forEach((uuid, at) => {
      const remembered = this.#instances.get(uuid) ?? this.#begin();
      remembered.fine.add(this.#newest, values, at * CHANNELS.length);
      this.#addSparks(remembered.sparks, values, at * CHANNELS.length);
      instances.set(uuid, remembered);
    });
    this.#instances = instances;
  }

  /** The history of one instance; undefined where no such instance runs. */
  instance(uuid: string): InstanceHistory | undefined {
    const remembered = this.#instances.get(uuid);
    if (remembered === undefined) return undefined;
    const series = Object.fromEntries(
      CHANNELS.map((name, channel) => [name, remembered.fine.read(channel, this.#newest)]),
    ) as Record<Channel, (number | null)[]>;
    return { ...this.#frameOf(1), uuid, series };
  }

  /** A coarse history of every instance. */
  node(): NodeHistory {
    const newest = Math.floor(this.#newest / this.#merged);
    const instances = [...this.#instances].map(([uuid, { sparks }]) => ({
      uuid,
      ...Object.fromEntries(
        SPARK_NAMES.map((name, channel) => [name, sparks.read(channel, newest)]),
      ) as Record<SparkName, (number | null)[]>,
    }));
    return { ...this.#frameOf(this.#merged), instances };
  }

  #begin(): Remembered {
    return {
      fine: new InstanceRing(this.#newest, {
        channels: CHANNELS.length,
        points: this.#frame.points,
      }),
      sparks: new InstanceRing(Math.floor(this.#newest / this.#merged), {
        channels: SPARK_NAMES.length,
        points: this.#sparkPoints,
      }),
    };
  }

  #addSparks(sparks: InstanceRing, values: Float32Array, from: number): void {
    SPARK_CHANNELS.forEach((channels, at) => {
      let sum = 0;
      for (const channel of channels) sum += values[from + channel]!;
      this.#sparkValues[at] = sum;
    });
    sparks.add(Math.floor(this.#newest / this.#merged), this.#sparkValues, 0);
  }

  #frameOf(merged: number): Pick<InstanceHistory, "schema" | "step_seconds" | "ended_at"> {
    const { stepMs } = this.#frame;
    const newest = this.#newest - this.#newest % merged;
    return {
      schema: SCHEMA_VERSION,
      step_seconds: merged * stepMs / 1000,
      ended_at: ((this.#originMs ?? 0) + newest * stepMs) / 1000,
    };
  }
}
