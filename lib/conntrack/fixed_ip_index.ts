import { IPV4_MAPPED_WORD } from "../address/ip_address.ts";
import type { AddressHash } from "./address_hash.ts";
import { type Flow, sameAddress } from "./flow.ts";
import type { FixedIpOwner } from "./flow_summary.ts";

/** Answer of a look-up that found nothing, and end of a chain. */
export const NONE = -1;

/**
 * The fixed IPs of one interval, each different address once, numbered from 0, with the instances
 * that own it. An address that several instances own has a chain of holdings, one for each; a
 * holding is one instance's claim on one address and numbered from 0 too.
 */
export class FixedIpIndex {
  readonly #hash: AddressHash;
  /** Four words for each address. */
  readonly #addresses: Uint32Array;
  /** Open addressing: number of an address plus 1; 0 is an empty slot. */
  readonly #slots: Uint32Array;
  readonly #mask: number;
  readonly #firstHolding: Int32Array;
  readonly #nextHolding: Int32Array;
  readonly #instance: Int32Array;
  readonly #holdings: string[] = [];
  /** Holding by address and instance: tenants decide how many instances have the same address. */
  readonly #holdingOf = new Map<number, number>();
  readonly #instances: number;
  #addressCount = 0;
  #ambiguous = 0;

  constructor(hash: AddressHash, owners: readonly FixedIpOwner[]) {
    this.#hash = hash;
    this.#instances = owners.length;
    const most = owners.reduce((sum, owner) => sum + owner.fixedIps.length, 0);
    let capacity = 16;
    while (capacity < 4 * most) capacity *= 2;
    this.#mask = capacity - 1;
    this.#slots = new Uint32Array(capacity);
    this.#addresses = new Uint32Array(4 * most);
    this.#firstHolding = new Int32Array(most).fill(NONE);
    this.#nextHolding = new Int32Array(most).fill(NONE);
    this.#instance = new Int32Array(most);
    owners.forEach((owner, instance) => {
      for (const { words } of owner.fixedIps) {
        const address = this.#add(Uint32Array.from(words));
        if (this.holdingOf(address, instance) !== NONE) continue;
        this.#hold(address, instance);
        this.#holdings.push(`${owner.uuid} ${words.join(" ")}`);
      }
    });
  }

  /** Different addresses. */
  get addressCount(): number {
    return this.#addressCount;
  }

  /** One name for each holding, made of instance and address: the same in every interval. */
  get holdings(): readonly string[] {
    return this.#holdings;
  }

  /** Addresses that more than one instance owns. */
  get ambiguous(): number {
    return this.#ambiguous;
  }

  /** Number of the address at a place of a record, or {@link NONE}. */
  find(flow: Flow, at: number): number {
    return this.#slots[this.#slotOf(flow, at)]! - 1;
  }

  /** First holding of an address; {@link NONE} for the address NONE. */
  firstHolding(address: number): number {
    return address === NONE ? NONE : this.#firstHolding[address]!;
  }

  /** Next holding of the same address, or {@link NONE}. */
  nextHolding(holding: number): number {
    return this.#nextHolding[holding]!;
  }

  /** Position in the list of owners of the instance that has a holding. */
  instanceOf(holding: number): number {
    return this.#instance[holding]!;
  }

  /** The holding of an address by an instance, or {@link NONE}. */
  holdingOf(address: number, instance: number): number {
    if (address === NONE) return NONE;
    return this.#holdingOf.get(address * this.#instances + instance) ?? NONE;
  }

  #add(words: Uint32Array): number {
    const slot = this.#slotOf(words, 0);
    if (this.#slots[slot] === 0) {
      this.#addresses.set(words, 4 * this.#addressCount);
      this.#slots[slot] = ++this.#addressCount;
    }
    return this.#slots[slot]! - 1;
  }

  #hold(address: number, instance: number): void {
    const holding = this.#holdings.length;
    const first = this.#firstHolding[address]!;
    if (first !== NONE && this.#nextHolding[first] === NONE) this.#ambiguous++;
    this.#instance[holding] = instance;
    this.#nextHolding[holding] = first;
    this.#firstHolding[address] = holding;
    this.#holdingOf.set(address * this.#instances + instance, holding);
  }

  #slotOf(flow: Flow, at: number): number {
    const slots = this.#slots;
    const addresses = this.#addresses;
    const mask = this.#mask;
    const hash = isIpv4(flow, at)
      ? this.#hash.ofWords(flow, at + 3, 1)
      : this.#hash.ofWords(flow, at, 4);
    let slot = hash & mask;
    while (slots[slot] !== 0 && !sameAddress(addresses, 4 * (slots[slot]! - 1), flow, at)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

/** Whether the address at a place of a record is an IPv4 one, whose last word alone tells it. */
export function isIpv4(flow: Flow, at: number): boolean {
  return flow[at + 2] === IPV4_MAPPED_WORD && flow[at + 1] === 0 && flow[at] === 0;
}
