import { isOfPort, type PortZones, ZONE_COUNT } from "./port_zones.ts";

/** Scope of flows in zones that are no port's, where addresses alone tell whose a flow is. */
export const BY_ADDRESS = 0;

/** Where a flow's addresses are looked for, by its zone: what a port's zone has is nobody else's. */
export class ZoneScopes {
  /** The zone itself where it is a port's; undefined where no zones are known. */
  readonly #scopes: Uint16Array | undefined;

  constructor(zones: PortZones | undefined) {
    if (zones === undefined) return;
    this.#scopes = new Uint16Array(ZONE_COUNT);
    for (const [name, zone] of zones) if (isOfPort(name)) this.#scopes[zone] = zone;
  }

  /** The scope of a zone. */
  of(zone: number): number {
    return this.#scopes === undefined ? BY_ADDRESS : this.#scopes[zone]!;
  }

  /** Whether {@link BY_ADDRESS} has zones that it did not have in `before`. */
  isWiderThan(before: ZoneScopes): boolean {
    return before.#scopes?.some((scope, zone) =>
      scope !== BY_ADDRESS && this.of(zone) === BY_ADDRESS
    ) ?? false;
  }
}
