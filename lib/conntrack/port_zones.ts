/**
 * The conntrack zone of each port that has one of its own, by the port's UUID. No two ports have the
 * same zone. Undefined where no zones are known: then addresses alone tell whose a flow is.
 */
export type PortZones = ReadonlyMap<string, number>;

/** Names of a router's zones (ovn-controller(8), `ct-zone-*`): what passes it is also in its ends' zones. */
const ROUTER_ZONE = /_(?:snat|dnat)$/;

/** Whether the zone of that name has the flows of one port, and of nothing else. */
export function isOfPort(name: string): boolean {
  return !ROUTER_ZONE.test(name);
}

/** Zones that conntrack has: 0 is the default zone, which no port can have. */
export const ZONE_COUNT = 65_536;
