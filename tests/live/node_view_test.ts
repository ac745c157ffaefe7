import assert from "node:assert/strict";
import type { CycleReadings, InstanceReading } from "../../lib/collectors/cycle.ts";
import { COLLECTORS } from "../../lib/collectors/collectors.ts";
import type { BehaviorFlows, FlowSummary } from "../../lib/conntrack/flow_summary.ts";
import { Exporter } from "../../lib/exporter.ts";
import { CHANNELS } from "../../lib/live/history_schema.ts";
import { NODE, type NodeSnapshot } from "../../lib/live/node_schema.ts";
import { NodeView } from "../../lib/live/node_view.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { configOf, describe, fixedIps, reading, UUID, vnics } from "../collectors/readings.ts";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import { checkAgainst, pathsOf } from "./schema_check.ts";

const BUILD = { version: "1.2.3", revision: "abc1234", deno: "2.6.8", arch: "x86_64" };
const WALL_MS = 1_767_225_600_000;
const LISTS = ["-spamhaus.enable", "-contacts.direction=any"];

/** An exporter and its view on one clock that a test moves. */
function viewOf(...flags: string[]) {
  const config = configOf("-collection.interval=10s", ...flags);
  const clock = { nowMs: 0, now: () => clock.nowMs, wall: () => WALL_MS + clock.nowMs };
  const exporter = new Exporter(config, {
    build: BUILD,
    clock,
    collectors: COLLECTORS,
    ownResources: () => ({ heapUsed: 0, process: {} }),
  });
  const { lifetimeMs } = exporter;
  const view = new NodeView(config, { build: BUILD, clock, node: "compute-17", lifetimeMs });
  return {
    view,
    cycle(readings: CycleReadings, nowMs = readings.startedAtMs) {
      clock.nowMs = nowMs;
      const picture = view.update(readings, exporter.update(readings));
      return { ...picture, snapshot: parse(picture.snapshot), stalled: parse(picture.stalled) };
    },
    first: () => parse(view.update(undefined, exporter.firstPage()).snapshot),
  };
}

function parse(bytes: Uint8Array): NodeSnapshot {
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

function cycle(
  startedAtMs: number,
  instances: readonly InstanceReading[] | undefined,
  summary?: FlowSummary,
): CycleReadings {
  return {
    startedAtMs,
    lagMs: 0,
    skippedTotal: 0,
    domains: instances === undefined ? { ok: false, listDurationMs: 2 } : {
      ok: true,
      listDurationMs: 5,
      statsAtMs: startedAtMs,
      listed: new Set(instances.map(({ stats }) => stats.uuid)),
      instances,
      domainErrors: 0,
    },
    conntrack: {
      summary,
      durationMs: 3,
      interruptedTotal: 0,
      enobufsTotal: 0,
      kernelEntries: 900,
      kernelMax: 1000,
    },
  };
}

const OUTBOUND: BehaviorFlows = {
  uniqueRemotes: 1,
  newRemotes: 2,
  flows: 3,
  maxFlowsSingleRemote: 4,
  uniqueDstPorts: 5,
  newDstPorts: 6,
  maxFlowsSingleDstPort: 7,
};

function flows(active = 1): FlowSummary {
  const none = { active: 0, total: 0 };
  return {
    entries: 890,
    ambiguousFixedIps: 0,
    byInstance: new Map([[UUID, [{ flows: 101, outbound: OUTBOUND }, { flows: 5 }]]]),
    threats: {
      byInstance: new Map([
        [UUID, THREAT_LISTS.map(({ name }) => name === "spamhaus" ? { active, total: 9 } : none)],
      ]),
      fresh: [],
      leftOut: [],
    },
  };
}

const RUN = {};
const OTHER = "22222222-2222-4222-8222-222222222222";
const OTHER_RUN = {};
const DESCRIPTION = describe({
  projectName: 'Ünïcode "</script>"\u0000 東京',
  fixedIps: fixedIps("10.1.0.5", "2001:db8::1"),
  disks: [
    { uuid: "d-1", tier: "ultra", device: "vda" },
    { uuid: "d-2", tier: "local", device: "vdb" },
  ],
  interfaces: vnics("tap0"),
});

/** The instance after so many seconds of steady work. */
function busy(seconds: number): InstanceReading {
  const times = (perSecond: number) => BigInt(Math.round(perSecond * seconds));
  return reading({
    run: RUN,
    description: DESCRIPTION,
    stats: {
      cpuTimeNs: times(5e8),
      memoryCurrentKib: 1_048_576n,
      disks: [
        {
          name: "vda",
          readBytes: times(4096),
          readRequests: times(20.5),
          writeBytes: times(1000),
          writeRequests: times(200.1),
        },
        { name: "vdb", readBytes: 0n },
      ],
      interfaces: [{
        name: "tap0",
        rxBytes: times(1500),
        rxPackets: times(1),
        rxErrors: 0n,
        rxDrops: times(0.5),
        txBytes: times(125_000_000),
        txPackets: times(10_000),
        txErrors: 0n,
        txDrops: times(0.25),
      }],
    },
  });
}

Deno.test("NodeView shows an instance's identity, rates, flows, contacts and marks", () => {
  const { cycle: take } = viewOf(
    ...LISTS,
    "-outbound.behavior.enable",
    "-write.thresholds=ultra:200",
  );
  take(cycle(0, [busy(0)], flows()));
  const { snapshot, history } = take(cycle(20_000, [busy(20)], flows()));
  const sum = {
    read_bytes_per_second: 4096,
    write_bytes_per_second: 1000,
    read_requests_per_second: 20.5,
    write_requests_per_second: 200.1,
    rx_bits_per_second: 12_000,
    tx_bits_per_second: 1_000_000_000,
    rx_packets_per_second: 1,
    tx_packets_per_second: 10_000,
    flows: 106,
    active_contacts: 1,
  };
  const counts = {
    unique_remotes: 1,
    new_remotes: 2,
    flows: 3,
    max_flows_single_remote: 4,
    unique_dst_ports: 5,
    new_dst_ports: 6,
    max_flows_single_dst_port: 7,
  };
  const unknown = Object.fromEntries(Object.keys(counts).map((name) => [name, null]));
  assert.deepEqual(snapshot.instances, [{
    uuid: UUID,
    domain: "instance-0000000a",
    name: "web-0",
    project: { uuid: "p-1", name: 'Ünïcode "</script>"\u0000 東京' },
    user: { uuid: "u-1", name: "ann" },
    flavor: "m1.small",
    root_type: "image",
    created_at: "2026-01-02 03:04:05",
    metadata_version: "27.1.0",
    vcpus: 2,
    memory_bytes: 1_073_741_824,
    cpu_percent: 25,
    sum,
    disks: [
      {
        device: "vda",
        uuid: "d-1",
        tier: "ultra",
        read_bytes_per_second: 4096,
        write_bytes_per_second: 1000,
        read_requests_per_second: 20.5,
        write_requests_per_second: 200.1,
        read_threshold: 100,
        write_threshold: 200,
      },
      {
        device: "vdb",
        uuid: "d-2",
        tier: "local",
        read_bytes_per_second: 0,
        write_bytes_per_second: null,
        read_requests_per_second: null,
        write_requests_per_second: null,
        read_threshold: 100,
        write_threshold: 100,
      },
    ],
    vnics: [{
      interface: "tap0",
      rx_bits_per_second: 12_000,
      tx_bits_per_second: 1_000_000_000,
      rx_packets_per_second: 1,
      tx_packets_per_second: 10_000,
      drops_per_second: 0.75,
      errors_per_second: 0,
    }],
    fixed_ips: [
      { ip: "10.1.0.5", family: "ipv4", flows: 101, outbound: counts },
      { ip: "2001:db8::1", family: "ipv6", flows: 5, outbound: unknown },
    ],
    threats: [{ list: "spamhaus", direction: "any", active: 1, total: 9 }],
    over: ["disk_write", "conntrack", "threat"],
  }]);
  assert.deepEqual(history?.uuids, [UUID]);
  assert.equal(history?.dueAtMs, WALL_MS + 20_000);
  const wanted = [25, ...CHANNELS.slice(1).map((name) => sum[name as keyof typeof sum])];
  assert.deepEqual([...history?.values ?? []], [...Float32Array.from(wanted)]);
});

Deno.test("NodeView's snapshot is as it is described, in both directions", () => {
  const { view, cycle: take, first } = viewOf(
    ...LISTS,
    "-outbound.behavior.enable",
    "-host.threats.enable",
  );
  checkAgainst(NODE.schema, first());
  view.takeTelemetry([
    { list: "spamhaus", lastSuccessMs: 1, durationMs: 2, errorsTotal: 3, entries: 4 },
    { list: "tor_exit", errorsTotal: 0, entries: 0 },
  ]);
  take(cycle(0, [busy(0)], flows()));
  const hostThreats = [{ address: parseIpAddress("198.51.100.7")!, lists: 0b100 }];
  const { snapshot, stalled } = take({ ...cycle(10_000, [busy(10)], flows()), hostThreats });
  const seen = checkAgainst(NODE.schema, snapshot);
  assert.deepEqual([...seen].sort(), pathsOf(NODE.schema).sort());
  checkAgainst(NODE.schema, stalled);
  assert.deepEqual(stalled.instances, []);
  assert.equal(stalled.libvirt.up, false);
  assert.equal(stalled.conntrack.up, false);
  assert.deepEqual({ ...stalled, libvirt: 0, conntrack: 0 }, {
    ...snapshot,
    instances: [],
    libvirt: 0,
    conntrack: 0,
  });
  assert.deepEqual(snapshot.feeds[0], {
    list: "spamhaus",
    entries: 4,
    errors_total: 3,
    last_success_at: 0.001,
    duration_seconds: 0.002,
  });
  assert.deepEqual(snapshot.listed_host_addresses, [
    { list: "spamhaus", ip: "198.51.100.7", family: "ipv4" },
  ]);
  assert.deepEqual(snapshot.conntrack, {
    up: true,
    entries: 900,
    max: 1000,
    fill_percent: 90,
    over: true,
    read_seconds: 0.003,
    read_errors_total: 0,
    ambiguous_fixed_ips: 0,
  });
});

Deno.test("NodeView has null where a rate needs a reading more, or a counter went back", () => {
  const { cycle: take } = viewOf();
  const rates = ({ snapshot }: ReturnType<typeof take>) => {
    const { cpu_percent, sum } = snapshot.instances[0]!;
    return [cpu_percent, sum.read_bytes_per_second, sum.rx_bits_per_second, sum.flows];
  };
  assert.deepEqual(rates(take(cycle(0, [busy(100)]))), [null, null, null, null]);
  assert.deepEqual(rates(take(cycle(10_000, [busy(110)]))), [25, 4096, 12_000, null]);
  // A guest that does not answer: libvirt knows CPU and names alone.
  const { cpuTimeNs = 0n } = busy(120).stats;
  const stuck = reading({
    run: RUN,
    description: DESCRIPTION,
    stats: { cpuTimeNs, disks: [{ name: "vda" }] },
  });
  assert.deepEqual(rates(take(cycle(20_000, [stuck]))), [25, null, null, null]);
  assert.deepEqual(rates(take(cycle(30_000, [busy(130)]))), [25, 4096, 12_000, null]);
  // What the other disk says is all that is known.
  assert.deepEqual(rates(take(cycle(40_000, [busy(5)]))), [null, 0, null, null]);
  // Another run of the domain.
  assert.deepEqual(rates(take(cycle(50_000, [{ ...busy(15), run: {} }]))), [
    null,
    null,
    null,
    null,
  ]);
});

Deno.test("NodeView keeps instances and flows while they cannot be read, until they expire", () => {
  const { cycle: take } = viewOf(...LISTS);
  take(cycle(0, [busy(0)], flows()));
  const down = take(cycle(10_000, undefined, flows()));
  assert.equal(down.snapshot.instances.length, 1);
  assert.equal(down.snapshot.libvirt.up, false);
  assert.equal(down.history, undefined);
  assert.deepEqual(take(cycle(20_000, undefined)).snapshot.instances, []);
  const flowsAt = (nowMs: number) =>
    take(cycle(nowMs, [busy(nowMs / 1000)])).snapshot.instances[0]?.sum.flows;
  assert.equal(flowsAt(29_999), 106);
  assert.equal(flowsAt(30_000), null);
  const known = take(cycle(40_000, [busy(40)], flows(0))).snapshot.instances[0];
  assert.equal(known?.sum.active_contacts, 0);
  assert.deepEqual(known?.over, ["disk_write", "conntrack"]);
  assert.deepEqual(take(cycle(50_000, [], flows())).snapshot.instances, []);
});

Deno.test("NodeView tells instances apart, finds disks by name, and says what is only at its threshold", () => {
  const { cycle: take } = viewOf(
    ...LISTS,
    "-tor.exit.enable",
    "-read.thresholds=ultra:20.5",
    "-write.thresholds=default:5000",
  );
  const other = (seconds: number): InstanceReading => {
    const { stats, ...rest } = busy(seconds);
    // The host has them in another order than the description.
    const [vda, vdb] = stats.disks ?? [];
    assert.ok(vda && vdb);
    const errors = { rxErrors: BigInt(seconds), txErrors: BigInt(2 * seconds) };
    const interfaces = (stats.interfaces ?? []).map((vnic) => ({ ...vnic, ...errors }));
    const disks = [{ ...vdb, readRequests: BigInt(21 * seconds) }, {
      ...vda,
      readRequests: BigInt(Math.round(20.5 * seconds)),
    }];
    return { ...rest, run: OTHER_RUN, stats: { ...stats, uuid: OTHER, disks, interfaces } };
  };
  // The dump has an address more than the description, which was read later.
  const dump = flows();
  const byInstance = new Map([
    [UUID, [{ flows: 101, outbound: OUTBOUND }, { flows: 5 }, { flows: 7 }]],
  ]);
  take(cycle(0, [busy(0), other(0)], { ...dump, byInstance }));
  const { snapshot, history } = take(
    { ...cycle(10_000, [busy(10), other(10)], { ...dump, byInstance }), lagMs: 1_500 },
  );
  const [one, two] = snapshot.instances;
  assert.deepEqual(snapshot.instances.map(({ uuid }) => uuid), [UUID, OTHER]);
  assert.equal(history?.dueAtMs, WALL_MS + 8_500);
  assert.equal(one?.sum.flows, 106);
  assert.deepEqual(one?.over, ["conntrack", "threat"], "20.5 reads are what the tier allows");
  assert.deepEqual(one?.threats.map(({ list }) => list), ["spamhaus"], "no contact, no entry");
  const rates = two?.disks.map(({ read_bytes_per_second, read_requests_per_second }) => [
    read_bytes_per_second,
    read_requests_per_second,
  ]);
  assert.deepEqual(rates, [[4096, 20.5], [0, 21]]);
  assert.deepEqual(two?.over, [], "21 reads of a disk of the tier local");
  assert.equal(two?.vnics[0]?.errors_per_second, 3);
  assert.equal(two?.sum.read_requests_per_second, 41.5);
});

Deno.test("NodeView follows a description and vNICs that change", () => {
  const { cycle: take } = viewOf("-web.history=0");
  const shown = (instance: InstanceReading, nowMs: number) => {
    const { snapshot, history } = take(cycle(nowMs, [instance]));
    assert.equal(history, undefined);
    return snapshot.instances[0]!;
  };
  shown(busy(0), 0);
  const two = busy(10);
  const interfaces = [{ name: "tap9", rxBytes: 5n }, ...two.stats.interfaces ?? []];
  const plugged = { ...two, stats: { ...two.stats, interfaces } };
  const names = (instance: ReturnType<typeof shown>) =>
    instance.vnics.map(({ interface: name, rx_bits_per_second }) => [name, rx_bits_per_second]);
  assert.deepEqual(names(shown(plugged, 10_000)), [["tap9", null], ["tap0", 12_000]]);
  assert.deepEqual(names(shown(busy(20), 20_000)), [["tap0", 12_000]]);
  const renamed = describe({
    ...DESCRIPTION,
    displayName: "b",
    disks: DESCRIPTION.disks.slice(0, 1),
  });
  const after = shown({ ...busy(30), description: renamed }, 30_000);
  assert.deepEqual([after.name, after.disks.length], ["b", 1]);
  assert.equal(after.disks[0]?.read_bytes_per_second, 4096);
});
