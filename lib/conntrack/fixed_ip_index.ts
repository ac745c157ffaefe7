import type { AddressHash } from "./address_hash.ts";
import { AddressPlaces, NONE } from "./address_places.ts";
import type { Flow } from "./flow.ts";
import type { FixedIpOwner } from "./flow_summary.ts";
import { isOfPort, type PortZones, ZONE_COUNT } from "./port_zones.ts";
import { ZoneUse } from "./zone_use.ts";

/** Scope of flows in zones that are no port's of this host, where addresses alone tell whose a flow is. */
export const BY_ADDRESS = 0;

/** What tells fixed IPs apart besides their addresses. */
export interface ZoneKnowledge {
  readonly zones: PortZones;
  readonly use: ZoneUse;
}

/**
 * The fixed IPs of one interval. A holding is one instance's having one address, numbered from 0. A
 * place is where flows of an address are found: in the zone of a port, or in all the zones that are
 * no port's. Those of ports that no instance has here are nobody's place. The holdings that a place counts for are its claims; an address that several instances
 * own has several where no zones tell them apart.
 */
export class FixedIpIndex {
  readonly #places: AddressPlaces;
  /** Scope of a flow by its zone: the zone itself where it is a port's. */
  readonly #scopeOfZone: Uint16Array | undefined;
  readonly #firstClaim: Int32Array;
  readonly #nextClaim: number[] = [];
  readonly #holdingOfClaim: number[] = [];
  readonly #placeOfClaim: number[] = [];
  readonly #holdings: string[] = [];
  readonly #instance: number[] = [];
  /** How many instances have an address. */
  readonly #holders: ReadonlyMap<string, number>;
  /** Addresses that several instances have, and one of them by its address alone. */
  readonly #ambiguous = new Set<string>();
  /** Places of each holding in the zones of its ports, counted or not; undefined without a zone. */
  readonly #zonePlaces: (readonly number[] | undefined)[] = [];
  /** By the place in the instance's own scope. */
  readonly #ownHolding: Int32Array;
  /** Instances whose addresses do not all count in one scope. */
  readonly #isSpread: Uint8Array;
  /** By holding: the zones of its ports as text, empty without one. */
  readonly #zones: string[] = [];
  /** By holding: whether it is counted by its address, and not by its zones. */
  readonly #isByAddress: boolean[] = [];

  constructor(hash: AddressHash, owners: readonly FixedIpOwner[], known?: ZoneKnowledge) {
    const most = owners.reduce((sum, { fixedIps, ports }) =>
      // In each zone, in all other zones, in the instance's own scope.
      sum + 2 * fixedIps.length + (known ? ports?.flat().length ?? 0 : 0), 0);
    this.#places = new AddressPlaces(hash, most);
    this.#firstClaim = new Int32Array(most).fill(NONE);
    this.#ownHolding = new Int32Array(most);
    this.#isSpread = new Uint8Array(owners.length);
    this.#holders = countHolders(owners);
    this.#scopeOfZone = known && scopesOf(known.zones);
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
    return this.#ambiguous.size;
  }

  /** Scope in which the addresses of a flow in a zone are to be looked for. */
  scopeOf(zone: number): number {
    return this.#scopeOfZone === undefined ? BY_ADDRESS : this.#scopeOfZone[zone]!;
  }

  /** The place of the address at a place of a record, or {@link NONE}. */
  find(flow: Flow, at: number, scope: number): number {
    return this.#places.find(flow, at, scope);
  }

  /** The zones of a holding's ports, as text; empty without one. */
  zonesOfHolding(holding: number): string {
    return this.#zones[holding]!;
  }

  /** Whether a holding is counted by its address, and not by the zones of its ports. */
  isByAddress(holding: number): boolean {
    return this.#isByAddress[holding]!;
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

  /**
   * The sum of what the zones of a holding's ports counted, of which `counts` has `each` in turn and the
   * `at`th is asked for; undefined without zones. They count also while the holding is counted by its address.
   */
  sumInZones(
    holding: number,
    counts: Uint32Array | Float64Array,
    each = 1,
    at = 0,
  ): number | undefined {
    return this.#zonePlaces[holding]?.reduce((sum, place) => sum + counts[place * each + at]!, 0);
  }

  #addOwner(owner: FixedIpOwner, instance: number, known: ZoneKnowledge | undefined): void {
    const scopes = new Set<string>();
    owner.fixedIps.forEach(({ words }, at) => {
      const address = Uint32Array.from(words);
      if (this.holdingBy(instance, address, 0) !== NONE) return;
      const holding = this.#hold(instance, owner.uuid, address);
      const isShared = this.#holders.get(words.join())! > 1;
      const zones = known ? ZoneUse.zonesOf(owner.ports?.[at] ?? [], known.zones) : [];
      const inZones = zones.map((zone) => this.#places.add(address, zone));
      const isByAddress = inZones.length === 0 ||
        !known!.use.countsByZone(this.#holdings[holding]!, isShared);
      const places = isByAddress ? [this.#places.add(address, BY_ADDRESS)] : inZones;
      for (const place of places) this.#claim(place, holding);
      if (isByAddress && isShared) this.#ambiguous.add(words.join());
      this.#zonePlaces[holding] = inZones.length === 0 ? undefined : inZones;
      this.#zones[holding] = zones.join();
      this.#isByAddress[holding] = isByAddress;
      scopes.add(isByAddress ? "" : this.#zones[holding]);
    });
    if (scopes.size > 1) this.#isSpread[instance] = 1;
  }

  #hold(instance: number, uuid: string, address: Uint32Array): number {
    const holding = this.#holdings.length;
    this.#ownHolding[this.#places.add(address, ownScope(instance))] = holding;
    this.#holdings.push(`${uuid} ${address.join(" ")}`);
    this.#instance.push(instance);
    return holding;
  }

  #claim(place: number, holding: number): void {
    const claim = this.#holdingOfClaim.length;
    this.#holdingOfClaim.push(holding);
    this.#placeOfClaim.push(place);
    this.#nextClaim.push(this.#firstClaim[place]!);
    this.#firstClaim[place] = claim;
  }
}

/** How many owners have each address, by its words. */
function countHolders(owners: readonly FixedIpOwner[]): ReadonlyMap<string, number> {
  const holders = new Map<string, number>();
  for (const { fixedIps } of owners) {
    for (const address of new Set(fixedIps.map(({ words }) => words.join()))) {
      holders.set(address, (holders.get(address) ?? 0) + 1);
    }
  }
  return holders;
}

/** The scope of each zone. What a port's zone has is nobody else's, whether an instance has it or not. */
function scopesOf(zones: PortZones): Uint16Array {
  const scopes = new Uint16Array(ZONE_COUNT);
  for (const [name, zone] of zones) if (isOfPort(name)) scopes[zone] = zone;
  return scopes;
}

/** The scope that has the addresses of one instance only. */
function ownScope(instance: number): number {
  return ZONE_COUNT + instance;
}
