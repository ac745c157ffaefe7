import ipaddr from "ipaddr.js";
import { type IpAddress, parseIpAddress } from "../address/ip_address.ts";

/** Kinds of addresses that no list on the internet can mean, by the words of ipaddr.js. */
const LOCAL: ReadonlySet<string> = new Set([
  "private",
  "loopback",
  "linkLocal",
  "uniqueLocal",
  "carrierGradeNat",
  "multicast",
  "unspecified",
]);

/** An address of an interface, as `Deno.networkInterfaces` lists it. */
export type InterfaceAddress = Pick<Deno.NetworkInterfaceInfo, "name" | "address">;

/**
 * Addresses of this host on the interfaces with these names; local ones only with `allowPrivate`.
 *
 * @param list of all addresses of the calling thread's network namespace.
 */
export function hostAddresses(
  list: readonly InterfaceAddress[],
  { interfaces, allowPrivate }: {
    readonly interfaces: readonly string[];
    readonly allowPrivate: boolean;
  },
): readonly IpAddress[] {
  return list.flatMap(({ name, address }) => {
    // An address with a label of its own is listed under that, `bgp-nic:vip`; names have no colon.
    if (!interfaces.includes(name.split(":", 1)[0] ?? "")) return [];
    const parsed = parseIpAddress(address);
    if (parsed === undefined) return [];
    return allowPrivate || !LOCAL.has(ipaddr.parse(parsed.text).range()) ? [parsed] : [];
  });
}
