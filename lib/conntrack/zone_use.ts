import type { PortZones } from "./port_zones.ts";

/** Intervals without a flow in its zones after which a fixed IP may be tracked elsewhere again. */
const LONGEST_SILENCE = 30;

/** What one interval found of a holding. */
export interface ZoneFlows {
  /** Flows in the zones of its ports; undefined where they have none. */
  readonly inZones: number | undefined;
  /** Whether another instance has the same address. */
  readonly isShared: boolean;
}

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
 * has is not, nor one that shares it with such a one: it would be given the other's connections in the
 * zones of routers.
 */
export class ZoneUse {
  /** By the name of a holding. */
  #uses: ReadonlyMap<string, Use> = new Map();

  /** Zones of a fixed IP's ports, without those that no port has. */
  static zonesOf(ports: readonly string[], zones: PortZones): readonly number[] {
    return [...new Set(ports.flatMap((port) => zones.get(port) ?? []))];
  }

  /** Whether a holding with zones is counted by them: also in the first interval, which must show it. */
  countsByZone(holding: string): boolean {
    return this.#uses.get(holding)?.isUsed ?? true;
  }

  /** Whether the zones of a holding have its flows. */
  isUsed(holding: string): boolean {
    return this.#uses.get(holding)?.isUsed ?? false;
  }

  /** Ends an interval, of which `found` has each holding. */
  commit(found: ReadonlyMap<string, ZoneFlows>): void {
    const uses = new Map<string, Use>();
    for (const [holding, flows] of found) {
      const use = useAfter(this.#uses.get(holding), flows);
      if (use !== undefined) uses.set(holding, use);
    }
    this.#uses = uses;
  }
}

function useAfter(before: Use | undefined, { inZones, isShared }: ZoneFlows): Use | undefined {
  if (inZones === undefined) return before;
  if (inZones > 0) return { isUsed: true, silence: 0 };
  const silence = (before?.silence ?? 0) + 1;
  const isUsed = before?.isUsed ?? false;
  return { isUsed: isUsed && (isShared || silence < LONGEST_SILENCE), silence };
}
