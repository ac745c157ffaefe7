import type { PortZones } from "./port_zones.ts";

/** Intervals without a flow in its zones after which a fixed IP may be tracked elsewhere again. */
const LONGEST_SILENCE = 30;

/** What is known of a holding with zones. */
interface Use {
  /** Whether its zones have its flows. */
  readonly isUsed: boolean;
  /** Intervals since they had one. */
  readonly silence: number;
}

/**
 * Tells which fixed IPs are counted by their ports' zones. A port whose zone has had a flow is
 * tracked there, and what other zones have of it are the same connections once more: after NAT, or
 * in the zones of routers. A port without security groups is tracked in no zone of its own: its
 * fixed IPs are counted by their addresses.
 *
 * A tenant may switch the security of a port off, and nobody shall get out of sight so: after a long
 * silence in its zones a fixed IP is counted by its address again. One whose address another instance
 * has too always counts by its zones, or it would be given the other's connections in those of routers.
 */
export class ZoneUse {
  /** By the name of a holding. */
  #uses: ReadonlyMap<string, Use> = new Map();

  /** Zones of a fixed IP's ports, without those that no port has. */
  static zonesOf(ports: readonly string[], zones: PortZones): readonly number[] {
    return [...new Set(ports.flatMap((port) => zones.get(port) ?? []))];
  }

  /**
   * Whether a holding with zones is counted by them: also in the first interval, which must show it.
   *
   * @param isShared whether another instance has the same address.
   */
  countsByZone(holding: string, isShared: boolean): boolean {
    return isShared || (this.#uses.get(holding)?.isUsed ?? true);
  }

  /** Ends an interval that found so many flows in the zones of each holding; undefined without zones. */
  commit(found: ReadonlyMap<string, number | undefined>): void {
    const uses = new Map<string, Use>();
    for (const [holding, inZones] of found) {
      const use = useAfter(this.#uses.get(holding), inZones);
      if (use !== undefined) uses.set(holding, use);
    }
    this.#uses = uses;
  }
}

function useAfter(before: Use | undefined, inZones: number | undefined): Use | undefined {
  if (inZones === undefined) return before;
  if (inZones > 0) return { isUsed: true, silence: 0 };
  const silence = (before?.silence ?? 0) + 1;
  const isUsed = before?.isUsed ?? false;
  return { isUsed: isUsed && silence < LONGEST_SILENCE, silence };
}
