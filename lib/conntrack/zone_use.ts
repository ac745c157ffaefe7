import type { PortZones } from "./port_zones.ts";

/**
 * Tells which fixed IPs are counted by their ports' zones. A port whose zone ever had a flow is
 * tracked there, and what other zones have of it are the same connections once more: after NAT, or
 * in the zones of routers. A port without security groups is tracked in no zone of its own: its
 * fixed IPs are counted by their addresses.
 */
export class ZoneUse {
  /** By the name of a holding: whether its zones ever had a flow of it. */
  #isUsed: ReadonlyMap<string, boolean> = new Map();

  /** Zones of a fixed IP's ports, without those that no port has. */
  static zonesOf(ports: readonly string[], zones: PortZones): readonly number[] {
    return [...new Set(ports.flatMap((port) => zones.get(port) ?? []))];
  }

  /** Whether a holding is counted by its zones: also in the first interval, which must show it. */
  countsByZone(holding: string): boolean {
    return this.#isUsed.get(holding) ?? true;
  }

  /** Ends an interval; `flowsInZones` has each holding of it, undefined for one without a zone. */
  commit(flowsInZones: ReadonlyMap<string, number | undefined>): void {
    const isUsed = new Map<string, boolean>();
    for (const [holding, flows] of flowsInZones) {
      const before = this.#isUsed.get(holding);
      const now = flows === undefined ? before : before === true || flows > 0;
      if (now !== undefined) isUsed.set(holding, now);
    }
    this.#isUsed = isUsed;
  }
}
