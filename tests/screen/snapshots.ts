import type { InstanceHistory } from "../../lib/live/history_schema.ts";
import type { InstanceSnapshot, NodeSnapshot } from "../../lib/live/node_schema.ts";
import { ansiLine, NO_COLOURS } from "../../lib/screen/ansi.ts";
import { screen } from "../../lib/screen/screen.ts";
import { step, type TopEvent } from "../../lib/screen/step.ts";
import { beginTop, type TopState } from "../../lib/screen/top_state.ts";
import { IDLE } from "../live/idle_instance.ts";

/** An instance that does nothing, and what the test gives. */
export function instance(at: number, given: Partial<InstanceSnapshot> = {}): InstanceSnapshot {
  const hex = at.toString(16).padStart(8, "0");
  return {
    ...IDLE,
    uuid: `${hex}-1111-4111-8111-111111111111`,
    domain: `instance-${hex}`,
    name: `vm-${at}`,
    project: { uuid: "p-1", name: "alpha" },
    user: { uuid: "u-1", name: "ann" },
    created_at: "2026-01-02 03:04:05",
    metadata_version: "27.1.0",
    memory_bytes: 2 ** 31,
    sum: { ...IDLE.sum, flows: null, active_contacts: null },
    ...given,
  };
}

/** A busy instance that is over everything. */
export const BUSY: InstanceSnapshot = instance(1, {
  name: "web-0",
  cpu_percent: 98.76,
  sum: {
    read_bytes_per_second: 12_345_678,
    write_bytes_per_second: 999,
    read_requests_per_second: 480,
    write_requests_per_second: 20,
    rx_bits_per_second: 1_234_000_000,
    tx_bits_per_second: 999_600,
    rx_packets_per_second: 1000,
    tx_packets_per_second: 90,
    flows: 12_000,
    active_contacts: 3,
  },
  disks: [{
    device: "vda",
    uuid: "d-1",
    tier: "ultra",
    read_bytes_per_second: 12_345_678,
    write_bytes_per_second: 999,
    read_requests_per_second: 480,
    write_requests_per_second: 20,
    read_threshold: 100,
    write_threshold: 2500,
  }],
  vnics: [{
    interface: "tap0",
    rx_bits_per_second: 1_234_000_000,
    tx_bits_per_second: 999_600,
    rx_packets_per_second: 1000,
    tx_packets_per_second: 90,
    drops_per_second: 0.25,
    errors_per_second: null,
  }],
  fixed_ips: [
    {
      ip: "10.1.0.5",
      family: "ipv4",
      flows: 12_000,
      outbound: {
        unique_remotes: 11_000,
        new_remotes: 40,
        flows: 11_500,
        max_flows_single_remote: 9,
        unique_dst_ports: 2,
        new_dst_ports: 0,
        max_flows_single_dst_port: 11_400,
      },
    },
    { ip: "2001:db8::5", family: "ipv6", flows: null, outbound: null },
  ],
  threats: [{ list: "spamhaus", direction: "out", active: 3, total: 1234 }],
  over: ["disk_read", "threat"],
});

/** A node with these instances, and what the test gives. */
export function snapshot(
  instances: readonly InstanceSnapshot[],
  given: Partial<NodeSnapshot> = {},
): NodeSnapshot {
  return {
    schema: 1,
    node: "compute-17",
    exporter: { version: "1.2.3", revision: "abc1234", started_at: 1_767_220_000 },
    cycle: {
      interval_seconds: 10,
      lifetime_seconds: 20,
      collected_at: 1_767_225_600,
      duration_seconds: 0.123,
      lag_seconds: 0,
      skipped_total: 0,
      errors_total: 0,
    },
    libvirt: { up: true, list_seconds: 0.01, domain_errors_total: 0 },
    conntrack: {
      up: true,
      entries: 12_345,
      max: 262_144,
      fill_percent: 4.71,
      over: false,
      read_seconds: 0.02,
      read_errors_total: 0,
      ambiguous_fixed_ips: 0,
    },
    totals: { instances: instances.length, vcpus: 12, memory_bytes: 2 ** 34 },
    collectors: [{ name: "conntrack", success: true, duration_seconds: 0.02 }],
    feeds: [],
    listed_host_addresses: [],
    instances,
    ...given,
  };
}

/** Twelve points of an hour. */
export const HISTORY: InstanceHistory = {
  schema: 1,
  step_seconds: 300,
  ended_at: 1_767_225_300,
  uuid: BUSY.uuid,
  series: {
    cpu_percent: [null, null, 0, 10, 20, 30, 45, 60, 75, 90, 98.7, 98.8],
    read_bytes_per_second: [null, null, 0, 0, 1e6, 2e6, 4e6, 8e6, 1e7, 1.2e7, 1.23e7, 1.23e7],
    write_bytes_per_second: Array(12).fill(0),
    read_requests_per_second: Array(12).fill(480),
    write_requests_per_second: Array(12).fill(null),
    rx_bits_per_second: Array(12).fill(1e6),
    tx_bits_per_second: Array(12).fill(1e6),
    rx_packets_per_second: Array(12).fill(1000),
    tx_packets_per_second: Array(12).fill(90),
    flows: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048],
    active_contacts: Array(12).fill(null),
  },
};

/** A state that shows a snapshot which was 3 s old when it came at 0. */
export function showing(node: NodeSnapshot, given: Partial<TopState> = {}): TopState {
  const begun = beginTop({
    size: { columns: 80, rows: 14 },
    nowMs: 0,
    reception: { snapshot: node, ageMs: 3000, atMs: 0 },
    sort: "cpu",
    filter: "",
  });
  return { ...begun, ...given };
}

/** The state after some keys: a word for each, or letters that were typed. */
export function press(state: TopState, ...keys: readonly string[]): TopState {
  return keys.reduce((before, key) => step(before, { kind: "key", key }), state);
}

/** The state after other events. */
export function after(state: TopState, ...events: readonly TopEvent[]): TopState {
  return events.reduce(step, state);
}

/** What is on the screen, without attributes and blanks at the ends of lines. */
export function seen(state: TopState): string {
  const lines = screen(state).map((line) => ansiLine(line, state.size.columns, NO_COLOURS));
  // deno-lint-ignore no-control-regex
  return lines.map((line) => line.replace(/\x1b\[\d*[mG]/g, "").trimEnd()).join("\n");
}
