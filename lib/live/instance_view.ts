import type { DiskStats, InterfaceStats } from "../../ffi/domain_stats.ts";
import { cpuPercent, type CpuReading } from "../collectors/cpu.ts";
import type { InstanceReading } from "../collectors/cycle.ts";
import type { diskThresholds } from "../collectors/disk.ts";
import { currentMemoryKib, currentVcpus } from "../collectors/instance.ts";
import type { FixedIpFlows } from "../conntrack/flow_summary.ts";
import { CounterRates } from "./counter_rates.ts";
import { CHANNELS } from "./history_schema.ts";
import { type InstanceLayout, layOut, type Tail, WIDTH } from "./instance_layout.ts";
import type { JsonWriter } from "./json_writer.ts";
import { type Mark, MARKS, type ThreatSnapshot } from "./node_schema.ts";

/** An instance with more than this share of what the conntrack table can hold is marked. */
const CONNTRACK_SHARE = 0.1;
const DISK_COUNTERS = 4;
const VNIC_COUNTERS = 8;
const NO_DISK: DiskStats = { name: "" };
const NOTHING: readonly ThreatSnapshot[] = [];
const NO_THRESHOLDS = new Float64Array(0);
const BIT = Object.fromEntries(MARKS.map((mark, at) => [mark, 1 << at])) as Readonly<
  Record<Mark, number>
>;
/** By bits in the order of {@link MARKS}: without contacts, an instance has one of a few tails. */
const TAILS = Array.from({ length: 1 << MARKS.length }, (_, bits) => tailOf(NOTHING, bits));
/** Where the sums stand among the values. */
const SUM = Object.fromEntries(CHANNELS.map((name, at) => [name, at])) as Readonly<
  Record<(typeof CHANNELS)[number], number>
>;

/** What the newest good dump says of one instance. */
export interface InstanceFlows {
  /** In the order of its fixed IPs; undefined where no dump was asked about them. */
  readonly fixedIps: readonly FixedIpFlows[] | undefined;
  /** Lists that it had contact with; undefined where none is switched on, or no dump was read. */
  readonly threats: readonly ThreatSnapshot[] | undefined;
  /** Entries that the kernel allows. */
  readonly tableMax: number | undefined;
}

/** What holds for all instances. */
export interface ViewOptions {
  readonly thresholds: ReturnType<typeof diskThresholds>;
  readonly outbound: boolean;
}

/** The picture of one run of a domain: its newest numbers, and the counters that they follow from. */
export class InstanceView {
  readonly #options: ViewOptions;
  readonly #rates = new Map<string, CounterRates>();
  #layout: InstanceLayout | undefined;
  #description: object | undefined;
  #interfaces: readonly string[] = [];
  #disks: readonly CounterRates[] = [];
  #vnics: readonly CounterRates[] = [];
  #values = new Float64Array(0);
  /** Of each disk in turn: reads, and writes, above which it is marked. */
  #thresholds = NO_THRESHOLDS;
  #cpu: CpuReading | undefined;
  #tail = TAILS[0]!;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  /** The values that are remembered come first, in the order of {@link CHANNELS}; NaN is unknown. */
  get values(): Float64Array {
    return this.#values;
  }

  /** Takes in what a cycle read, at a moment of a clock that never steps. */
  take(instance: InstanceReading, flows: InstanceFlows, atMs: number): void {
    const layout = this.#layOut(instance);
    const values = this.#values.fill(NaN);
    const { stats } = instance;
    const memoryKib = currentMemoryKib(instance);
    values[SUM.cpu_percent] = this.#cpuPercent(instance, atMs);
    values[layout.vcpus] = currentVcpus(instance) ?? NaN;
    values[layout.memory] = memoryKib === undefined ? NaN : 1024 * memoryKib;
    this.#takeDisks(instance, stats.disks, atMs);
    if (stats.interfaces) this.#takeVnics(stats.interfaces, atMs);
    if (flows.fixedIps) this.#takeFlows(flows.fixedIps);
    const { threats = NOTHING } = flows;
    if (flows.threats) {
      values[SUM.active_contacts] = threats.reduce((total, { active }) => total + active, 0);
    }
    const over = this.#over(flows);
    this.#tail = threats.length === 0 ? TAILS[over]! : tailOf(threats, over);
    layout.block.fill(values);
  }

  /** Writes what was taken in. */
  write(writer: JsonWriter): void {
    if (this.#layout) writer.append(this.#layout.block.bytes);
    writer.append(this.#tail);
  }

  /** What asks for attention, as bits in the order of {@link MARKS}. */
  #over({ tableMax = Infinity }: InstanceFlows): number {
    const values = this.#values;
    const thresholds = this.#thresholds;
    let over = 0;
    let requests = this.#layout!.disks + 2;
    for (let at = 0; at < thresholds.length; at += 2) {
      if (values[requests]! > thresholds[at]!) over |= BIT.disk_read;
      if (values[requests + 1]! > thresholds[at + 1]!) over |= BIT.disk_write;
      requests += WIDTH.disk;
    }
    if (values[SUM.flows]! > CONNTRACK_SHARE * tableMax) over |= BIT.conntrack;
    if (values[SUM.active_contacts]! > 0) over |= BIT.threat;
    return over;
  }

  #layOut(instance: InstanceReading): InstanceLayout {
    const { stats, description } = instance;
    if (
      this.#layout && this.#description === description &&
      (!stats.interfaces || areNamed(stats.interfaces, this.#interfaces))
    ) return this.#layout;
    this.#description = description;
    this.#interfaces = stats.interfaces?.map(({ name }) => name) ??
      description.interfaces.map(({ device }) => device);
    this.#disks = description.disks.map(({ device }) => this.#of(device, DISK_COUNTERS));
    this.#vnics = this.#interfaces.map((name) => this.#of(name, VNIC_COUNTERS));
    const { thresholds } = this.#options;
    this.#thresholds = Float64Array.from(
      description.disks.flatMap(({ tier }) => [thresholds.read(tier), thresholds.write(tier)]),
    );
    this.#layout = layOut(instance, this.#interfaces, this.#options);
    this.#values = new Float64Array(this.#layout.length);
    return this.#layout;
  }

  #of(device: string, counters: number): CounterRates {
    const key = `${counters} ${device}`;
    const known = this.#rates.get(key) ?? new CounterRates(counters);
    this.#rates.set(key, known);
    return known;
  }

  #cpuPercent(instance: InstanceReading, atMs: number): number {
    const { cpuTimeNs } = instance.stats;
    if (cpuTimeNs === undefined) return NaN;
    const before = this.#cpu;
    this.#cpu = { cpuTimeNs, atMs };
    const vcpus = currentVcpus(instance);
    return before && vcpus ? cpuPercent(before, this.#cpu, vcpus) ?? NaN : NaN;
  }

  #takeDisks(
    { description }: InstanceReading,
    read: readonly DiskStats[] | undefined,
    atMs: number,
  ): void {
    const values = this.#values;
    let at = this.#layout!.disks;
    description.disks.forEach(({ device }, index) => {
      const disk = (read && named(read, device, index)) ?? NO_DISK;
      const rates = this.#disks[index]!;
      values[at] = Math.round(rates.rate(0, disk.readBytes, atMs));
      values[at + 1] = Math.round(rates.rate(1, disk.writeBytes, atMs));
      values[at + 2] = rates.rate(2, disk.readRequests, atMs);
      values[at + 3] = rates.rate(3, disk.writeRequests, atMs);
      this.#addUp(SUM.read_bytes_per_second, at, WIDTH.disk);
      at += WIDTH.disk;
    });
  }

  #takeVnics(read: readonly InterfaceStats[], atMs: number): void {
    const values = this.#values;
    let at = this.#layout!.vnics;
    read.forEach((vnic, index) => {
      const rates = this.#vnics[index]!;
      values[at] = Math.round(8 * rates.rate(0, vnic.rxBytes, atMs));
      values[at + 1] = Math.round(8 * rates.rate(1, vnic.txBytes, atMs));
      values[at + 2] = rates.rate(2, vnic.rxPackets, atMs);
      values[at + 3] = rates.rate(3, vnic.txPackets, atMs);
      values[at + 4] = rates.rate(4, vnic.rxDrops, atMs) + rates.rate(5, vnic.txDrops, atMs);
      values[at + 5] = rates.rate(6, vnic.rxErrors, atMs) + rates.rate(7, vnic.txErrors, atMs);
      this.#addUp(SUM.rx_bits_per_second, at, 4);
      at += WIDTH.vnic;
    });
  }

  #takeFlows(fixedIps: readonly FixedIpFlows[]): void {
    const values = this.#values;
    let at = this.#layout!.fixedIps;
    for (const { flows, outbound } of fixedIps) {
      // The description may have changed since the dump was read.
      if (at >= values.length) return;
      values[at] = flows;
      if (outbound) {
        values[at + 1] = outbound.uniqueRemotes;
        values[at + 2] = outbound.newRemotes;
        values[at + 3] = outbound.flows;
        values[at + 4] = outbound.maxFlowsSingleRemote;
        values[at + 5] = outbound.uniqueDstPorts;
        values[at + 6] = outbound.newDstPorts;
        values[at + 7] = outbound.maxFlowsSingleDstPort;
      }
      this.#addUp(SUM.flows, at, 1);
      at += WIDTH.fixedIp;
    }
  }

  /** Adds some values of a device to the sums that begin at `sum`; what is not known adds nothing. */
  #addUp(sum: number, from: number, count: number): void {
    const values = this.#values;
    for (let at = 0; at < count; at++) {
      const value = values[from + at]!;
      if (Number.isNaN(value)) continue;
      const before = values[sum + at]!;
      values[sum + at] = Number.isNaN(before) ? value : before + value;
    }
  }
}

function tailOf(threats: readonly ThreatSnapshot[], bits: number): Uint8Array {
  const tail: Tail = { threats, over: MARKS.filter((mark) => (bits & BIT[mark]) !== 0) };
  return new TextEncoder().encode(`,${JSON.stringify(tail).slice(1)}`);
}

function areNamed(vnics: readonly InterfaceStats[], names: readonly string[]): boolean {
  return vnics.length === names.length && vnics.every(({ name }, at) => name === names[at]);
}

/** Finds a disk by its name; it mostly stands where the description has it. */
function named(disks: readonly DiskStats[], name: string, at: number): DiskStats | undefined {
  const guess = disks[at];
  return guess?.name === name ? guess : disks.find((disk) => disk.name === name);
}
