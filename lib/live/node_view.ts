import type { BuildInfo } from "../build_info.ts";
import type { CycleReadings } from "../collectors/cycle.ts";
import { diskThresholds } from "../collectors/disk.ts";
import type { HealthReading } from "../collectors/health.ts";
import type { CollectorResult } from "../collectors/runner.ts";
import type { Config } from "../config/config.ts";
import type { FlowSummary } from "../conntrack/flow_summary.ts";
import { listDirections } from "../threat/list_directions.ts";
import { THREAT_LISTS } from "../threat/lists.ts";
import type { ListTelemetry } from "../threat/telemetry.ts";
import { CHANNELS } from "./history_schema.ts";
import { type HostFacts, hostSnapshot } from "./host_snapshot.ts";
import { type InstanceFlows, InstanceView, type ViewOptions } from "./instance_view.ts";
import { JsonWriter } from "./json_writer.ts";
import type { NodeSnapshot, ThreatSnapshot } from "./node_schema.ts";

/** The values of one cycle that are remembered. */
export interface HistoryCycle {
  /** When the cycle was due, in milliseconds since 1970; whole intervals after any other. */
  readonly dueAtMs: number;
  readonly uuids: readonly string[];
  /** {@link CHANNELS} of each instance in turn; NaN where a value is not known. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** What one cycle has to show. */
export interface NodePicture {
  /** A {@link NodeSnapshot} as JSON. */
  readonly snapshot: Uint8Array<ArrayBuffer>;
  /** What may still be said when no newer picture came within the data's lifetime. */
  readonly stalled: Uint8Array<ArrayBuffer>;
  /** Undefined where domains could not be listed, or nothing is remembered. */
  readonly history: HistoryCycle | undefined;
}

const COMMA = new TextEncoder().encode(",");

type Flows = Pick<FlowSummary, "byInstance" | "threats"> & { readonly readAtMs: number };

/**
 * From readings to the snapshot that the live page and `top` show. It computes from the same readings
 * as the collectors, and keeps what the newest good listing and dump said for the data's lifetime.
 */
export class NodeView {
  readonly #clock: { now(): number; wall(): number };
  readonly #facts: HostFacts;
  readonly #viewOptions: ViewOptions;
  readonly #remembers: boolean;
  readonly #directions: ReturnType<typeof listDirections>;
  /** What a moment of the clock that never steps lacks of milliseconds since 1970. */
  readonly #originMs: number;
  readonly #views = new WeakMap<object, InstanceView>();
  #shown: readonly InstanceView[] = [];
  #listedAtMs = -Infinity;
  #flows: Flows | undefined;
  #feeds: NodeSnapshot["feeds"] = [];
  #listedAddresses: NodeSnapshot["listed_host_addresses"] = [];
  #snapshotBytes = 64 * 1024;

  constructor(config: Config, { clock, ...facts }: {
    readonly build: BuildInfo;
    /** Milliseconds: `now` never steps, `wall` counts from 1970. */
    readonly clock: { now(): number; wall(): number };
    /** Name of the host. */
    readonly node: string;
    readonly lifetimeMs: number;
  }) {
    const startedAtMs = clock.wall();
    this.#clock = clock;
    this.#originMs = startedAtMs - clock.now();
    this.#facts = { ...facts, startedAtMs, intervalMs: config["collection.interval"] };
    this.#viewOptions = {
      thresholds: diskThresholds(config),
      outbound: config["outbound.behavior.enable"],
    };
    this.#remembers = config["web.history"] > 0;
    this.#directions = listDirections(config);
  }

  /** Takes in how the refreshing of lists stands. */
  takeTelemetry(telemetry: readonly ListTelemetry[]): void {
    this.#feeds = telemetry.map(({ list, entries, errorsTotal, lastSuccessMs, durationMs }) => ({
      list,
      entries,
      errors_total: errorsTotal,
      last_success_at: seconds(lastSuccessMs),
      duration_seconds: seconds(durationMs),
    }));
  }

  /**
   * Takes in one cycle.
   *
   * @param readings undefined before the first cycle.
   */
  update(
    readings: CycleReadings | undefined,
    { health, collectors }: {
      readonly health: HealthReading;
      readonly collectors: readonly CollectorResult[];
    },
  ): NodePicture {
    const nowMs = this.#clock.now();
    if (readings !== undefined) this.#take(readings, nowMs);
    const host = {
      ...hostSnapshot(this.#facts, health, collectors),
      feeds: this.#feeds,
      listed_host_addresses: this.#listedAddresses,
    };
    const isAlive = nowMs - this.#listedAtMs < this.#facts.lifetimeMs;
    const snapshot = render(host, isAlive ? this.#shown : [], this.#snapshotBytes);
    this.#snapshotBytes = Math.ceil(1.05 * snapshot.length);
    const down = {
      ...host,
      libvirt: { ...host.libvirt, up: false },
      conntrack: { ...host.conntrack, up: false },
    };
    return {
      snapshot,
      stalled: render(down, []),
      history: readings?.domains.ok && this.#remembers ? this.#history(readings) : undefined,
    };
  }

  #take({ domains, conntrack, hostThreats }: CycleReadings, nowMs: number): void {
    if (conntrack.summary !== undefined) {
      const { byInstance, threats } = conntrack.summary;
      this.#flows = { byInstance, ...threats && { threats }, readAtMs: nowMs };
    } else if (this.#flows && nowMs - this.#flows.readAtMs >= this.#facts.lifetimeMs) {
      this.#flows = undefined;
    }
    if (hostThreats !== undefined) {
      this.#listedAddresses = hostThreats.flatMap(({ address: { text, family }, lists }) =>
        THREAT_LISTS.flatMap(({ name }, bit) =>
          (lists & (1 << bit)) === 0 ? [] : [{ list: name, ip: text, family }]
        )
      );
    }
    if (!domains.ok) return;
    this.#listedAtMs = nowMs;
    this.#shown = domains.instances.map((instance) => {
      const view = this.#views.get(instance.run) ?? new InstanceView(this.#viewOptions);
      this.#views.set(instance.run, view);
      const flows = this.#flowsOf(instance.stats.uuid, conntrack.kernelMax);
      view.take(instance, flows, domains.statsAtMs);
      return view;
    });
  }

  #flowsOf(uuid: string, tableMax: number | undefined): InstanceFlows {
    const counts = this.#flows?.threats?.byInstance.get(uuid) ?? [];
    const threats = this.#flows?.threats &&
      counts.flatMap(({ active, total }, list): readonly ThreatSnapshot[] => {
        const name = THREAT_LISTS[list]?.name;
        const direction = this.#directions[list];
        if (name === undefined || direction === undefined || total === 0) return [];
        return [{ list: name, direction, active, total }];
      });
    return { fixedIps: this.#flows?.byInstance.get(uuid), threats, tableMax };
  }

  #history({ domains, startedAtMs, lagMs }: CycleReadings): HistoryCycle | undefined {
    if (!domains.ok) return undefined;
    const values = new Float32Array(this.#shown.length * CHANNELS.length);
    this.#shown.forEach((view, at) => {
      values.set(view.values.subarray(0, CHANNELS.length), at * CHANNELS.length);
    });
    return {
      dueAtMs: this.#originMs + startedAtMs - lagMs,
      uuids: domains.instances.map(({ stats }) => stats.uuid),
      values,
    };
  }
}

function render(
  host: Omit<NodeSnapshot, "instances">,
  views: readonly InstanceView[],
  expectedBytes?: number,
): Uint8Array<ArrayBuffer> {
  const writer = new JsonWriter(expectedBytes);
  writer.text(`${JSON.stringify(host).slice(0, -1)},"instances":[`);
  views.forEach((view, at) => {
    if (at > 0) writer.append(COMMA);
    view.write(writer);
  });
  writer.text("]}");
  return writer.finish();
}

function seconds(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}
