import type { AddressHash } from "./address_hash.ts";
import { AddressPlaces, NONE } from "./address_places.ts";
import type { Flow } from "./flow.ts";
import type { FixedIpOwner } from "./flow_summary.ts";
import { type PortZones, ZONE_COUNT } from "./port_zones.ts";
import { type ZoneFlows, ZoneUse } from "./zone_use.ts";

/** Scope of flows in zones that are no port's, where addresses alone tell whose a flow is. */
export const BY_ADDRESS = 0;

/** What tells fixed IPs apart besides their addresses. */
export interface ZoneKnowledge {
  readonly zones: PortZones;
  readonly use: ZoneUse;
}

/**
 * The fixed IPs of one interval. A holding is one instance's having one address, numbered from 0. A
 * place is where flows of an address are found: in the zone of a port, or in all the zones that are
 * no port's. The holdings that a place counts for are its claims; an address that several instances
 * own has several where no zones tell them apart.
 */
export class FixedIpIndex {
  readonly #places: AddressPlaces;
  /** Scope of a flow by its zone: the zone itself where it is that of a port here. */
  readonly #scopeOfZone: Uint16Array | undefined;
  readonly #firstClaim: Int32Array;
  readonly #nextClaim: number[] = [];
  readonly #holdingOfClaim: number[] = [];
  readonly #placeOfClaim: number[] = [];
  readonly #holdings: string[] = [];
  readonly #instance: number[] = [];
  /** How many holdings there are of an address. */
  readonly #holders = new Map<string, number>();
  /** Places of each holding in the zones of its ports, counted or not; undefined without a zone. */
  readonly #zonePlaces: (readonly number[] | undefined)[] = [];
  /** By the place in the instance's own scope. */
  readonly #ownHolding: Int32Array;
  /** Instances whose addresses do not all count in one scope. */
  readonly #isSpread: Uint8Array;
  /** By holding: the zones that it is counted in, empty where addresses tell. */
  readonly #scopes: string[] = [];
  #ambiguous = 0;

  constructor(hash: AddressHash, owners: readonly FixedIpOwner[], known?: ZoneKnowledge) {
    const most = owners.reduce((sum, { fixedIps, ports }) =>
      // In each zone, in all other zones, in the instance's own scope.
      sum + 2 * fixedIps.length + (known ? ports?.flat().length ?? 0 : 0), 0);
    this.#places = new AddressPlaces(hash, most);
    this.#firstClaim = new Int32Array(most).fill(NONE);
    this.#ownHolding = new Int32Array(most);
    this.#isSpread = new Uint8Array(owners.length);
    this.#scopeOfZone = known && new Uint16Array(ZONE_COUNT);
    owners.forEach((owner, instance) => this.#addOwner(owner, instance, known));
  }

  /** Places, and numbers up to which they go. */
  get placeCount(): number {
    return this.#places.count;
  }

  /** One name for each holding, made of instance and address: the same in every interval. */
  get holdings(): readonly string[] {
    return this.#holdings;
  }

  /** Addresses that more than one instance owns and that nothing else tells apart. */
  get ambiguous(): number {
    return this.#ambiguous;
  }

  /** Scope in which the addresses of a flow in a zone are to be looked for. */
  scopeOf(zone: number): number {
    return this.#scopeOfZone === undefined ? BY_ADDRESS : this.#scopeOfZone[zone]!;
  }

  /** The place of the address at a place of a record, or {@link NONE}. */
  find(flow: Flow, at: number, scope: number): number {
    return this.#places.find(flow, at, scope);
  }

  /** The zones that a holding is counted in, as text; empty where its address alone tells. */
  scopeOfHolding(holding: number): string {
    return this.#scopes[holding] ?? "";
  }

  /** First claim of a place; {@link NONE} for the place NONE. */
  firstClaim(place: number): number {
    return place === NONE ? NONE : this.#firstClaim[place]!;
  }

  /** Next claim of the same place, or {@link NONE}. */
  nextClaim(claim: number): number {
    return this.#nextClaim[claim]!;
  }

  /** The holding that a claim counts for. */
  holdingOf(claim: number): number {
    return this.#holdingOfClaim[claim]!;
  }

  /** Position in the list of owners of the instance that has a holding. */
  instanceOf(holding: number): number {
    return this.#instance[holding]!;
  }

  /** The holding of the address at a place of a record by an instance, or {@link NONE}. */
  holdingBy(instance: number, flow: Flow, at: number): number {
    const place = this.#places.find(flow, at, ownScope(instance));
    return place === NONE ? NONE : this.#ownHolding[place]!;
  }

  /**
   * Whether an instance has the address at a place of a record, which was found at `place` in a scope
   * where the instance has a claim.
   */
  owns(instance: number, place: number, flow: Flow, at: number): boolean {
    if (place === NONE && this.#isSpread[instance] === 0) return false;
    return this.holdingBy(instance, flow, at) !== NONE;
  }

  /** For each holding the sums of what its places counted, of which `counts` has `each` in turn. */
  sumByHolding(counts: Uint32Array | Float64Array, each = 1): Float64Array {
    const sums = new Float64Array(this.#holdings.length * each);
    this.#holdingOfClaim.forEach((holding, claim) => {
      const from = this.#placeOfClaim[claim]! * each;
      for (let at = 0; at < each; at++) sums[holding * each + at]! += counts[from + at]!;
    });
    return sums;
  }

  /** For each holding's name, what its ports' zones counted, and whether others have its address. */
  zoneFlows(counts: Uint32Array): ReadonlyMap<string, ZoneFlows> {
    return new Map(this.#holdings.map((name, holding) => [name, {
      inZones: this.#zonePlaces[holding]?.reduce((sum, place) => sum + counts[place]!, 0),
      isShared: this.#holders.get(addressIn(name))! > 1,
    }]));
  }

  #addOwner(owner: FixedIpOwner, instance: number, known: ZoneKnowledge | undefined): void {
    const scopes = new Set<string>();
    owner.fixedIps.forEach(({ words }, at) => {
      const address = Uint32Array.from(words);
      if (this.holdingBy(instance, address, 0) !== NONE) return;
      const holding = this.#hold(instance, owner.uuid, address);
      const zones = known ? ZoneUse.zonesOf(owner.ports?.[at] ?? [], known.zones) : [];
      const places = zones.map((zone) => this.#addZone(address, zone));
      this.#zonePlaces[holding] = places.length === 0 ? undefined : places;
      const byZone = places.length > 0 && known!.use.countsByZone(this.#holdings[holding]!);
      const counted = byZone ? places : [this.#places.add(address, BY_ADDRESS)];
      for (const place of counted) this.#claim(place, holding);
      this.#scopes[holding] = byZone ? zones.join() : "";
      scopes.add(this.#scopes[holding]);
    });
    if (scopes.size > 1) this.#isSpread[instance] = 1;
  }

  #hold(instance: number, uuid: string, address: Uint32Array): number {
    const holding = this.#holdings.length;
    this.#ownHolding[this.#places.add(address, ownScope(instance))] = holding;
    const name = `${uuid} ${address.join(" ")}`;
    this.#holdings.push(name);
    this.#holders.set(addressIn(name), (this.#holders.get(addressIn(name)) ?? 0) + 1);
    this.#instance.push(instance);
    return holding;
  }

  #addZone(address: Uint32Array, zone: number): number {
    this.#scopeOfZone![zone] = zone;
    return this.#places.add(address, zone);
  }

  #claim(place: number, holding: number): void {
    const claim = this.#holdingOfClaim.length;
    const first = this.#firstClaim[place]!;
    if (first !== NONE && this.#nextClaim[first] === NONE) this.#ambiguous++;
    this.#holdingOfClaim.push(holding);
    this.#placeOfClaim.push(place);
    this.#nextClaim.push(first);
    this.#firstClaim[place] = claim;
  }
}

/** The address in a holding's name. */
function addressIn(name: string): string {
  return name.slice(name.indexOf(" ") + 1);
}

/** The scope that has the addresses of one instance only. */
function ownScope(instance: number): number {
  return ZONE_COUNT + instance;
}
