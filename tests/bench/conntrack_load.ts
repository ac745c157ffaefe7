import { type IpAddress, parseIpAddress } from "../../lib/address/ip_address.ts";
import type { FixedIpOwner } from "../../lib/conntrack/flow_summary.ts";
import { type Entry, TCP, UDP } from "../integration/conntrack_entries.ts";

const LIMIT_PATH = "/proc/sys/net/netfilter/nf_conntrack_max";
const COMMON_PORTS: readonly number[] = [443, 80, 53, 123, 22, 8080, 993, 5432];

/** Instances that the entries of {@link conntrackEntries} belong to. */
export const LOAD_INSTANCES = 250;

/** Each instance has an IPv4 and an IPv6 fixed IP. */
export function fixedIpOwners(): FixedIpOwner[] {
  return Array.from({ length: LOAD_INSTANCES }, (_, instance) => ({
    uuid: `00000000-0000-4000-8000-${String(instance).padStart(12, "0")}`,
    fixedIps: [address(ipv4Of(instance)), address(ipv6Of(instance))],
  }));
}

/** Three in four are IPv4; nearly every one has a remote of its own; a tenth comes in; most ports are common. */
export function* conntrackEntries(count: number): Generator<Entry> {
  for (let number = 0; number < count; number++) {
    const instance = number % LOAD_INSTANCES;
    const ipv6 = Math.floor(number / LOAD_INSTANCES) % 4 === 3;
    const guest = ipv6 ? ipv6Of(instance) : ipv4Of(instance);
    const remote = ipv6
      ? `2001:db8::${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`
      : `${100 + (number >>> 24)}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
    const incoming = Math.floor(number / LOAD_INSTANCES) % 10 === 9;
    yield {
      protocol: number % 3 === 0 ? UDP : TCP,
      src: incoming ? remote : guest,
      dst: incoming ? guest : remote,
      srcPort: 1024 + (number % 60_000),
      dstPort: number % 8 === 7 ? 1 + (number % 997) : COMMON_PORTS[(number >>> 3) % 8] ?? 0,
    };
  }
}

/** Lets the table hold `entries`, which only the first network namespace can say; undone at the end. */
export function raiseConntrackLimit(entries: number): Disposable {
  const before = Number(Deno.readTextFileSync(LIMIT_PATH));
  if (before < entries) Deno.writeTextFileSync(LIMIT_PATH, String(entries));
  return {
    [Symbol.dispose]() {
      const now = Number(Deno.readTextFileSync(LIMIT_PATH));
      // Another run may have raised it further since.
      if (before < entries && now === entries) Deno.writeTextFileSync(LIMIT_PATH, String(before));
    },
  };
}

function ipv4Of(instance: number): string {
  return `10.0.${instance >>> 8}.${instance & 255}`;
}

function ipv6Of(instance: number): string {
  return `fd00::${(instance + 1).toString(16)}`;
}

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new TypeError(`Cannot parse ${text}: it is no address`);
  return parsed;
}
