/// <reference lib="deno.worker" />
import { LibvirtUnavailableError } from "../ffi/libvirt_error.ts";
import type { BuildInfo } from "./build_info.ts";
import { runCollectionLoop, sleepFor } from "./collection_loop.ts";
import type { CycleReadings } from "./collectors/cycle.ts";
import { COLLECTORS } from "./collectors/collectors.ts";
import type { Config } from "./config/config.ts";
import { reportCrashes } from "./crash.ts";
import { CycleReport } from "./cycle_report.ts";
import { Exporter } from "./exporter.ts";
import { NodeView } from "./live/node_view.ts";
import { forwardingLogger } from "./log/forward.ts";
import type { FromCollector, ThreatsMessage, ToCollector } from "./messages.ts";
import type { OvsState } from "./ovs/ovs_state.ts";
import { pageMessage } from "./publish.ts";
import { Pulse } from "./pulse.ts";
import { HostReader } from "./reading/host_reader.ts";
import { ContactLines, sumOf } from "./threat/contact_lines.ts";
import { ThreatIndex } from "./threat/threat_index.ts";
import { within } from "./within.ts";

/**
 * How long the first cycle waits for what Open vSwitch's database says, so that flows of addresses
 * that several tenants have are told apart from the first one on.
 */
const FIRST_OVS_MS = 500;

const stop = new AbortController();
/** Where messages about Open vSwitch's database go while this thread collects. */
let takeOvs: (state: OvsState | undefined) => void = () => {};
/** Where messages about threat lists go while this thread collects. */
let takeThreats: (message: ThreatsMessage) => void = () => {};
let wantOpenMetrics: (forMs: number) => void = () => {};
const log = forwardingLogger((record) => send({ type: "log", record }), { level: "info" });

function send(message: FromCollector, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

/** Collects until it is told to stop; what it publishes at once says that nothing is known yet. */
async function collect(config: Config, build: BuildInfo, pulse: Pulse): Promise<void> {
  using host = new HostReader(config, (phase) => pulse.beat(phase));
  const clock = { now: () => performance.now(), wall: () => Date.now() };
  const exporter = new Exporter(config, {
    build,
    clock,
    collectors: COLLECTORS,
    ownResources: () => ({
      process: host.readProcess(),
      heapUsed: Deno.memoryUsage().heapUsed,
    }),
  });
  takeThreats = ({ index, telemetry }) => {
    if (index) host.matchAgainst(new ThreatIndex(index));
    exporter.takeTelemetry(telemetry);
    view.takeTelemetry(telemetry);
  };
  wantOpenMetrics = (forMs) => exporter.wantOpenMetrics(forMs);
  const isOvsKnown = Promise.withResolvers<void>();
  takeOvs = (state) => {
    host.takeOvs(state);
    isOvsKnown.resolve();
  };
  const contacts = new ContactLines();
  const report = new CycleReport(log, () => performance.now());
  const { lifetimeMs } = exporter;
  const view = new NodeView(config, { build, clock, node: host.name, lifetimeMs });
  const publish = (page: ReturnType<Exporter["update"]>, readings?: CycleReadings) => {
    const isComplete = readings?.domains.ok ?? false;
    const picture = view.update(readings, page);
    const { message, transfer } = pageMessage(page, picture, { isComplete, lifetimeMs });
    send(message, transfer);
  };
  publish(exporter.firstPage());
  if (config["ovs.db"] !== undefined) await within(isOvsKnown.promise, FIRST_OVS_MS, undefined);
  await runCollectionLoop((start) => {
    const { readings, troubles } = host.read(start);
    // Nothing can be collected without the library, now or later: the operator must install it.
    if (troubles.libvirt instanceof LibvirtUnavailableError) throw troubles.libvirt;
    pulse.beat("collect");
    const page = exporter.update(readings);
    publish(page, readings);
    const lines = contacts.take(readings, Date.now());
    if (lines.length > 0) send({ type: "contacts", lines });
    report.tell(troubles, page, sumOf(readings.conntrack.summary?.threats?.leftOut ?? []));
    host.trimMemory();
    pulse.beat("idle");
  }, {
    intervalMs: config["collection.interval"],
    clock: { now: () => performance.now(), sleep: sleepFor },
    signal: stop.signal,
  });
}

async function start(
  { config, build, pulse }: Extract<ToCollector, { type: "start" }>,
): Promise<void> {
  log.level = config["log.level"];
  try {
    await collect(config, build, new Pulse(pulse));
    send({ type: "stopped" });
  } catch (error) {
    if (!(error instanceof LibvirtUnavailableError)) throw error;
    send({ type: "failed", message: error.message });
  }
}

reportCrashes(self, ({ message, stack }) => send({ type: "crashed", message, stack }));

self.onmessage = ({ data }: MessageEvent<ToCollector>) => {
  switch (data.type) {
    case "start":
      void start(data);
      break;
    case "log-level":
      log.level = data.level;
      break;
    case "threats":
      takeThreats(data);
      break;
    case "open-metrics":
      wantOpenMetrics(data.forMs);
      break;
    case "ovs":
      takeOvs(data.state);
      break;
    case "stop":
      stop.abort();
      break;
  }
};
