import type { AddressHash } from "./address_hash.ts";
import { AddressPlaces, NONE } from "./address_places.ts";
import type { Flow } from "./flow.ts";
import type { FixedIpOwner } from "./flow_summary.ts";
import { type PortZones, ZONE_COUNT } from "./port_zones.ts";
import { BY_ADDRESS, ZoneScopes } from "./zone_scopes.ts";
import { type ZoneFlows, ZoneUse } from "./zone_use.ts";

/** What tells fixed IPs apart besides their addresses. */
export interface ZoneKnowledge {
  readonly zones: PortZones;
  readonly use: ZoneUse;
}

/**
 * The fixed IPs of one interval. A holding is one instance's having one address, numbered from 0. A
 * place is where flows of an address are found: in the zone of a port, or in all the zones that are no
 * port's. What the zone of a port has that no instance here has is in no place. The holdings that a
 * place counts for are its claims; an address that several instances own has several where no zones
 * tell them apart.
 */
export class FixedIpIndex {
  readonly #places: AddressPlaces;
  readonly #scopes: ZoneScopes;
  readonly #firstClaim: Int32Array;
  readonly #nextClaim: number[] = [];
  readonly #holdingOfClaim: number[] = [];
  readonly #placeOfClaim: number[] = [];
  readonly #holdings: string[] = [];
  readonly #instance: number[] = [];
  /** By the words of an address that several instances have: whether the zone of any has its flows. */
  readonly #shared: ReadonlyMap<string, boolean>;
  /** By the place of such an address that is counted by it: whether one of the instances has no zone. */
  readonly #ambiguous = new Map<number, boolean>();
  /** Places of each holding in the zones of its ports, counted or not; undefined without a zone. */
  readonly #zonePlaces: (readonly number[] | undefined)[] = [];
  /** By the place in the instance's own scope. */
  readonly #ownHolding: Int32Array;
  /** Instances whose addresses do not all count in one scope. */
  readonly #isSpread: Uint8Array;
  /** By holding: whether it is counted by its address, and not by its zones. */
  readonly #isByAddress: boolean[] = [];
  readonly #isShared: boolean[] = [];

  constructor(hash: AddressHash, owners: readonly FixedIpOwner[], known?: ZoneKnowledge) {
    const most = owners.reduce((sum, { fixedIps, ports }) =>
      // In each zone, in all other zones, in the instance's own scope.
      sum + 2 * fixedIps.length + (known ? ports?.flat().length ?? 0 : 0), 0);
    this.#places = new AddressPlaces(hash, most);
    this.#firstClaim = new Int32Array(most).fill(NONE);
    this.#ownHolding = new Int32Array(most);
    this.#isSpread = new Uint8Array(owners.length);
    this.#shared = sharedAddresses(owners, known?.use);
    this.#scopes = new ZoneScopes(known?.zones);
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

  /**
   * Addresses that more than one instance owns and that no zone tells apart. Where all of them have zones
   * but none has flows there, only an address with flows elsewhere is one.
   */
  countAmbiguous(flows: Uint32Array): number {
    return [...this.#ambiguous].filter(([place, isZoneless]) => isZoneless || flows[place]! > 0)
      .length;
  }

  /** Scope in which the addresses of a flow in a zone are to be looked for. */
  scopeOf(zone: number): number {
    return this.#scopes.of(zone);
  }

  /** The place of the address at a place of a record, or {@link NONE}. */
  find(flow: Flow, at: number, scope: number): number {
    return this.#places.find(flow, at, scope);
  }

  /** Whether a holding is counted by its address, and not by the zones of its ports. */
  isByAddress(holding: number): boolean {
    return this.#isByAddress[holding]!;
  }

  /**
   * For each place 1 where `before` would have had all its flows: the same address in the same scope, which
   * has no zone now that it did not have then.
   */
  placesFollowedBy(before: FixedIpIndex): Uint8Array {
    const isWider = this.#scopes.isWiderThan(before.#scopes);
    return Uint8Array.from({ length: this.placeCount }, (_, place) => {
      const isNew = isWider && this.#places.scopeOf(place) === BY_ADDRESS;
      return !isNew && this.#places.isIn(before.#places, place) ? 1 : 0;
    });
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

  /** For each holding's name, what its ports' zones counted, and whether others have its address. */
  zoneFlows(counts: Uint32Array): ReadonlyMap<string, ZoneFlows> {
    return new Map(this.#holdings.map((name, holding) => [name, {
      inZones: this.sumInZones(holding, counts),
      isShared: this.#isShared[holding]!,
    }]));
  }

  #addOwner(owner: FixedIpOwner, instance: number, known: ZoneKnowledge | undefined): void {
    const scopes = new Set<string>();
    owner.fixedIps.forEach(({ words }, at) => {
      const address = Uint32Array.from(words);
      if (this.holdingBy(instance, address, 0) !== NONE) return;
      const holding = this.#hold(instance, owner.uuid, address);
      const isUsed = this.#shared.get(words.join(" "));
      const zones = known ? ZoneUse.zonesOf(owner.ports?.[at] ?? [], known.zones) : [];
      const inZones = zones.map((zone) => this.#places.add(address, zone));
      const isByAddress = inZones.length === 0 ||
        !(isUsed || known!.use.countsByZone(this.#holdings[holding]!));
      const places = isByAddress ? [this.#places.add(address, BY_ADDRESS)] : inZones;
      for (const place of places) this.#claim(place, holding);
      if (isByAddress && isUsed !== undefined) {
        const place = places[0]!;
        this.#ambiguous.set(place, inZones.length === 0 || this.#ambiguous.get(place) === true);
      }
      this.#zonePlaces[holding] = inZones.length === 0 ? undefined : inZones;
      this.#isByAddress[holding] = isByAddress;
      this.#isShared[holding] = isUsed !== undefined;
      scopes.add(isByAddress ? "" : zones.join());
    });
    if (scopes.size > 1) this.#isSpread[instance] = 1;
  }

  #hold(instance: number, uuid: string, address: Uint32Array): number {
    const holding = this.#holdings.length;
    this.#ownHolding[this.#places.add(address, ownScope(instance))] = holding;
    this.#holdings.push(nameOf(uuid, address.join(" ")));
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

/** Addresses of several owners by their words, and whether the zone of any of them has its flows. */
function sharedAddresses(
  owners: readonly FixedIpOwner[],
  use: ZoneUse | undefined,
): ReadonlyMap<string, boolean> {
  const holders = new Map<string, Set<string>>();
  for (const { uuid, fixedIps } of owners) {
    for (const { words } of fixedIps) {
      const address = words.join(" ");
      holders.set(address, (holders.get(address) ?? new Set()).add(uuid));
    }
  }
  return new Map(
    [...holders].filter(([, uuids]) => uuids.size > 1).map(([address, uuids]) => [
      address,
      [...uuids].some((uuid) => use?.isUsed(nameOf(uuid, address))),
    ]),
  );
}

function nameOf(uuid: string, address: string): string {
  return `${uuid} ${address}`;
}

/** The scope that has the addresses of one instance only. */
function ownScope(instance: number): number {
  return ZONE_COUNT + instance;
}
