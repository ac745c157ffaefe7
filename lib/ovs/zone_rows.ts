import { type PortZones, ZONE_COUNT } from "../conntrack/port_zones.ts";
import { unusable } from "./ovsdb_error.ts";

/** ovn-controller's keys in `external_ids` of the integration bridge: this, and a logical port's name. */
const KEY_PREFIX = "ct-zone-";
const MOST_ROWS = 1024;

/** A logical port's name, and a zone that is noted for it. */
type Claim = readonly [name: string, zone: number];

/**
 * The conntrack zones that ovn-controller notes in the rows of table `Bridge`, kept up to date by
 * the updates of a monitor. For a port of Neutron the name of the logical port is the port's UUID;
 * other names, such as those of routers' zones, match no port of an instance.
 */
export class ZoneRows {
  readonly #rows = new Map<string, readonly Claim[]>();
  #claims = 0;

  /**
   * Takes in `<table-updates>` of RFC 7047, 4.1.6: rows by UUID, each with its new columns, or
   * without where it was deleted. Costs what the updates are long, however many zones there are.
   *
   * @throws {OvsdbError} If they have another form.
   */
  update(tables: unknown): void {
    for (const [row, change] of Object.entries(recordOf(recordOf(tables)["Bridge"] ?? {}))) {
      const { new: columns } = recordOf(change);
      const claims = columns === undefined ? [] : claimsOf(recordOf(columns)["external_ids"]);
      this.#claims += claims.length - (this.#rows.get(row)?.length ?? 0);
      if (columns === undefined) this.#rows.delete(row);
      else this.#rows.set(row, claims);
    }
    if (this.#rows.size > MOST_ROWS) throw unusable(`it has more than ${MOST_ROWS} bridges`);
    if (this.#claims >= ZONE_COUNT) throw unusable("it has more zones than there are");
  }

  /**
   * The zone of each port, which several bridges may note. A zone that several ports claim tells
   * nothing and is left out, and so is a port for which several zones are noted.
   */
  zones(): PortZones {
    const claims = [...this.#rows.values()].flat();
    const zones = onlyValues(claims);
    const names = onlyValues(claims.map(([name, zone]) => [zone, name]));
    return new Map(
      claims.filter(([name, zone]) => zones.get(name) === zone && names.get(zone) === name),
    );
  }
}

/** What each key comes with; undefined where that is not always the same. */
function onlyValues<K, V>(pairs: readonly (readonly [K, V])[]): ReadonlyMap<K, V | undefined> {
  const values = new Map<K, V | undefined>();
  for (const [key, value] of pairs) {
    const isOther = values.has(key) && values.get(key) !== value;
    values.set(key, isOther ? undefined : value);
  }
  return values;
}

/** The zones in a column of type map: `["map", [[key, value], ...]]`. */
function claimsOf(column: unknown): readonly Claim[] {
  if (!Array.isArray(column) || column[0] !== "map" || !Array.isArray(column[1])) {
    throw unusable("external_ids is no map");
  }
  const claims: Claim[] = [];
  for (const pair of column[1]) {
    const [key, value]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof key !== "string" || typeof value !== "string") {
      throw unusable("external_ids has other things than texts");
    }
    const zone = zoneOf(value);
    if (key.startsWith(KEY_PREFIX) && zone !== undefined) {
      claims.push([key.slice(KEY_PREFIX.length).toLowerCase(), zone]);
    }
  }
  return claims;
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
