import { type IpAddress, parseIpAddress } from "../../lib/address/ip_address.ts";
import type { FixedIpOwner } from "../../lib/conntrack/flow_summary.ts";

const LIMIT_PATH = "/proc/sys/net/netfilter/nf_conntrack_max";

/** Instances that the entries of a bench belong to. */
export const LOAD_INSTANCES = 250;

/** Each instance has an IPv4 and an IPv6 fixed IP. */
export function fixedIpOwners(): FixedIpOwner[] {
  return Array.from({ length: LOAD_INSTANCES }, (_, instance) => ({
    uuid: `00000000-0000-4000-8000-${String(instance).padStart(12, "0")}`,
    fixedIps: [address(ipv4Of(instance)), address(ipv6Of(instance))],
  }));
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
