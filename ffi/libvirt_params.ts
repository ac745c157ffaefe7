import type { DiskStats, DomainStats, InterfaceStats } from "./domain_stats.ts";
import { TypedParameter, TypedParameterType } from "./libvirt_layout.ts";

/** The statistics part of a domain; its names and numbers come from the domain itself. */
export type ParsedStats = Omit<DomainStats, "uuid" | "name" | "id">;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type DiskCounter = Exclude<keyof DiskStats, "name">;
type InterfaceCounter = Exclude<keyof InterfaceStats, "name">;
type DomainCode = "state" | "stateReason";
type DomainCounter = Exclude<keyof ParsedStats, DomainCode | "vcpus" | "disks" | "interfaces">;

/** What one parameter name says; `other` is a parameter that nobody reads. */
type Meaning =
  | { readonly kind: "diskCount" | "interfaceCount" | "other" }
  | { readonly kind: "code"; readonly code: DomainCode }
  | { readonly kind: "counter"; readonly counter: DomainCounter }
  | { readonly kind: "diskName" | "interfaceName"; readonly index: number }
  | { readonly kind: "disk"; readonly index: number; readonly counter: DiskCounter }
  | { readonly kind: "interface"; readonly index: number; readonly counter: InterfaceCounter };

interface KnownName {
  readonly bytes: Uint8Array;
  readonly meaning: Meaning;
  /** Another name with the same hash. */
  readonly next: KnownName | undefined;
}

const DOMAIN_COUNTERS = {
  "cpu.time": "cpuTimeNs",
  "cpu.user": "cpuUserNs",
  "cpu.system": "cpuSystemNs",
  "balloon.current": "memoryCurrentKib",
  "balloon.maximum": "memoryMaximumKib",
  "balloon.rss": "memoryRssKib",
  "balloon.available": "memoryAvailableKib",
  "balloon.usable": "memoryUsableKib",
  "balloon.unused": "memoryUnusedKib",
  "balloon.disk_caches": "memoryDiskCachesKib",
  "balloon.swap_in": "memorySwapInKib",
  "balloon.swap_out": "memorySwapOutKib",
  "balloon.major_fault": "memoryMajorFaults",
  "balloon.minor_fault": "memoryMinorFaults",
  "balloon.last-update": "memoryUpdatedAtS",
} as const satisfies Readonly<Record<string, DomainCounter>>;

const SINGLE: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["state.state", { kind: "code", code: "state" }],
  ["state.reason", { kind: "code", code: "stateReason" }],
  ["block.count", { kind: "diskCount" }],
  ["net.count", { kind: "interfaceCount" }],
  ...Object.entries(DOMAIN_COUNTERS).map((
    [name, counter],
  ): [string, Meaning] => [name, { kind: "counter", counter }]),
]);

const DISK_COUNTERS: ReadonlyMap<string, DiskCounter> = new Map<string, DiskCounter>([
  ["rd.bytes", "readBytes"],
  ["rd.reqs", "readRequests"],
  ["wr.bytes", "writeBytes"],
  ["wr.reqs", "writeRequests"],
  ["rd.times", "readNs"],
  ["wr.times", "writeNs"],
  ["fl.times", "flushNs"],
  ["fl.reqs", "flushRequests"],
  ["capacity", "capacityBytes"],
  ["allocation", "allocationBytes"],
  ["physical", "physicalBytes"],
]);

const INTERFACE_COUNTERS: ReadonlyMap<string, InterfaceCounter> = new Map<string, InterfaceCounter>(
  [
    ["rx.bytes", "rxBytes"],
    ["rx.pkts", "rxPackets"],
    ["rx.errs", "rxErrors"],
    ["rx.drop", "rxDrops"],
    ["tx.bytes", "txBytes"],
    ["tx.pkts", "txPackets"],
    ["tx.errs", "txErrors"],
    ["tx.drop", "txDrops"],
  ],
);

/** A guest has a few dozen devices; a name above this is none that libvirt would write. */
const MAX_INDEX = 9999;
const OTHER: Meaning = { kind: "other" };

/**
 * Reads arrays of `virTypedParameter`. The names of parameters are the same in every domain and
 * every cycle, so each is decoded once and then found by its bytes.
 */
export class StatsParser {
  readonly #names = new Map<number, KnownName>();
  readonly #readText: (address: bigint) => string;

  /** @param readText The C string at an address; it must copy, for libvirt frees it with the list. */
  constructor(readText: (address: bigint) => string) {
    this.#readText = readText;
  }

  /**
   * @param params The memory of `nparams` parameters, one after the other.
   */
  parse(params: ArrayBuffer): ParsedStats {
    const bytes = new Uint8Array(params);
    const view = new DataView(params);
    const stats: Writable<ParsedStats> = {};
    let disks: Writable<Partial<DiskStats>>[] | undefined;
    let interfaces: Writable<Partial<InterfaceStats>>[] | undefined;
    for (let at = 0; at + TypedParameter.size <= bytes.length; at += TypedParameter.size) {
      const meaning = this.#meaningAt(bytes, at);
      switch (meaning.kind) {
        case "other":
          break;
        case "code":
          stats[meaning.code] = view.getInt32(at + TypedParameter.value, true);
          break;
        case "counter":
          assignCounter(stats, meaning.counter, view, at);
          break;
        case "diskCount":
          disks ??= [];
          break;
        case "interfaceCount":
          interfaces ??= [];
          break;
        case "diskName":
          entryAt(disks ??= [], meaning.index).name = this.#textAt(view, at);
          break;
        case "interfaceName":
          entryAt(interfaces ??= [], meaning.index).name = this.#textAt(view, at);
          break;
        case "disk":
          assignCounter(entryAt(disks ??= [], meaning.index), meaning.counter, view, at);
          break;
        case "interface":
          assignCounter(entryAt(interfaces ??= [], meaning.index), meaning.counter, view, at);
          break;
      }
    }
    if (disks !== undefined) stats.disks = disks.filter(isNamed);
    if (interfaces !== undefined) stats.interfaces = interfaces.filter(isNamed);
    return stats;
  }

  #textAt(view: DataView, at: number): string {
    if (view.getInt32(at + TypedParameter.type, true) !== TypedParameterType.STRING) return "";
    return this.#readText(view.getBigUint64(at + TypedParameter.value, true));
  }

  #meaningAt(bytes: Uint8Array, at: number): Meaning {
    let hash = 0x811c9dc5;
    let end = at;
    const limit = at + TypedParameter.fieldLength;
    for (let byte; end < limit && (byte = bytes[end]!) !== 0; end++) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    const first = this.#names.get(hash);
    for (let known = first; known !== undefined; known = known.next) {
      if (equalsAt(known.bytes, bytes, at, end)) return known.meaning;
    }
    const name = bytes.slice(at, end);
    const meaning = meaningOf(new TextDecoder().decode(name));
    this.#names.set(hash, { bytes: name, meaning, next: first });
    return meaning;
  }
}

function equalsAt(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false;
  return true;
}

function meaningOf(name: string): Meaning {
  const single = SINGLE.get(name);
  if (single !== undefined) return single;
  const [, group, number, rest] = /^(block|net)\.(\d{1,5})\.(.+)$/.exec(name) ?? [];
  const index = Number(number);
  if (group === undefined || rest === undefined || index > MAX_INDEX) return OTHER;
  if (group === "block") {
    if (rest === "name") return { kind: "diskName", index };
    const counter = DISK_COUNTERS.get(rest);
    return counter === undefined ? OTHER : { kind: "disk", index, counter };
  }
  if (rest === "name") return { kind: "interfaceName", index };
  const counter = INTERFACE_COUNTERS.get(rest);
  return counter === undefined ? OTHER : { kind: "interface", index, counter };
}

function entryAt<T extends object>(entries: T[], index: number): T {
  // The entries are the rows of disks or interfaces: each starts empty and gains what comes.
  return entries[index] ??= {} as T;
}

/** Counters are 64-bit; a parameter of another type is none, and is left out. */
function assignCounter<K extends string>(
  target: { [key in K]?: bigint },
  key: K,
  view: DataView,
  at: number,
): void {
  const type = view.getInt32(at + TypedParameter.type, true);
  if (type === TypedParameterType.ULLONG) {
    target[key] = view.getBigUint64(at + TypedParameter.value, true);
  } else if (type === TypedParameterType.LLONG) {
    const value = view.getBigInt64(at + TypedParameter.value, true);
    if (value >= 0n) target[key] = value;
  }
}

function isNamed<T extends { name?: string }>(entry: T): entry is T & { name: string } {
  return entry.name !== undefined && entry.name !== "";
}
