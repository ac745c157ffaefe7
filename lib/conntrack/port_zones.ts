/**
 * The conntrack zone of each port that has one of its own, by the port's UUID. No two ports have the
 * same zone. Undefined where no zones are known: then addresses alone tell whose a flow is.
 */
export type PortZones = ReadonlyMap<string, number>;

/** Zones that conntrack has: 0 is the default zone, which no port can have. */
export const ZONE_COUNT = 65_536;
