import { type PortZones, ZONE_COUNT } from "../conntrack/port_zones.ts";
import { unusable } from "./ovsdb_error.ts";

/** ovn-controller's keys in `external_ids` of the integration bridge: this, and a logical port's name. */
const KEY_PREFIX = "ct-zone-";
const MOST_ROWS = 1024;

/**
 * The conntrack zones that ovn-controller notes in the rows of table `Bridge`, kept up to date by
 * the updates of a monitor. For a port of Neutron the name of the logical port is the port's UUID;
 * other names, such as those of routers' zones, match no port of an instance.
 */
export class ZoneRows {
  readonly #rows = new Map<string, PortZones>();

  /**
   * Takes in `<table-updates>` of RFC 7047, 4.1.6: rows by UUID, each with its new columns, or
   * without where it was deleted.
   *
   * @throws {OvsdbError} If they have another form.
   */
  update(tables: unknown): void {
    for (const [row, change] of Object.entries(recordOf(recordOf(tables)["Bridge"] ?? {}))) {
      const { new: columns } = recordOf(change);
      if (columns === undefined) this.#rows.delete(row);
      else this.#rows.set(row, zonesOf(recordOf(columns)["external_ids"]));
      if (this.#rows.size > MOST_ROWS) throw unusable(`it has more than ${MOST_ROWS} bridges`);
    }
  }

  /** The zone of each port. A zone that several ports claim tells nothing, and is left out. */
  zones(): PortZones {
    const claims = [...this.#rows.values()].flatMap((zones) => [...zones]);
    const count = new Map<number, number>();
    for (const [, zone] of claims) count.set(zone, (count.get(zone) ?? 0) + 1);
    return new Map(claims.filter(([, zone]) => count.get(zone) === 1));
  }
}

/** Zones in a column of type map: `["map", [[key, value], ...]]`. */
function zonesOf(column: unknown): PortZones {
  if (!Array.isArray(column) || column[0] !== "map" || !Array.isArray(column[1])) {
    throw unusable("external_ids is no map");
  }
  const zones = new Map<string, number>();
  for (const pair of column[1]) {
    const [key, value]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof key !== "string" || typeof value !== "string") {
      throw unusable("external_ids has other things than texts");
    }
    const zone = zoneOf(value);
    if (key.startsWith(KEY_PREFIX) && zone !== undefined) {
      zones.set(key.slice(KEY_PREFIX.length).toLowerCase(), zone);
    }
    if (zones.size >= ZONE_COUNT) throw unusable("it has more zones than there are");
  }
  return zones;
}

function zoneOf(text: string): number | undefined {
  const zone = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return zone > 0 && zone < ZONE_COUNT ? zone : undefined;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unusable("an object is missing");
  }
  return value as Readonly<Record<string, unknown>>;
}
