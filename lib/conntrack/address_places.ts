import { IPV4_MAPPED_WORD } from "../address/ip_address.ts";
import type { AddressHash } from "./address_hash.ts";
import { type Flow, sameAddress } from "./flow.ts";

/** Answer of a look-up that found nothing, and end of a chain. */
export const NONE = -1;

/**
 * Numbers pairs of a scope and an address from 0 on, each different pair once. A scope tells equal
 * addresses apart that mean different things.
 */
export class AddressPlaces {
  readonly #hash: AddressHash;
  /** Four words for each place. */
  readonly #addresses: Uint32Array;
  readonly #scopes: Uint32Array;
  /** Open addressing: number of a place plus 1; 0 is an empty slot. */
  readonly #slots: Uint32Array;
  readonly #mask: number;
  #count = 0;

  /** @param most pairs that will be added. */
  constructor(hash: AddressHash, most: number) {
    this.#hash = hash;
    let capacity = 16;
    while (capacity < 4 * most) capacity *= 2;
    this.#mask = capacity - 1;
    this.#slots = new Uint32Array(capacity);
    this.#addresses = new Uint32Array(4 * most);
    this.#scopes = new Uint32Array(most);
  }

  /** Different pairs. */
  get count(): number {
    return this.#count;
  }

  /** Number of the pair with the address at a place of a record, or {@link NONE}. */
  find(flow: Flow, at: number, scope: number): number {
    return this.#slots[this.#slotOf(flow, at, scope)]! - 1;
  }

  /** Number of a pair, which is added where it is new. */
  add(words: Uint32Array, scope: number): number {
    const slot = this.#slotOf(words, 0, scope);
    if (this.#slots[slot] === 0) {
      this.#addresses.set(words, 4 * this.#count);
      this.#scopes[this.#count] = scope;
      this.#slots[slot] = ++this.#count;
    }
    return this.#slots[slot]! - 1;
  }

  /** The scope of a place. */
  scopeOf(place: number): number {
    return this.#scopes[place]!;
  }

  /** Whether a place here is one of others too. */
  isIn(others: AddressPlaces, place: number): boolean {
    return others.find(this.#addresses, 4 * place, this.#scopes[place]!) !== NONE;
  }

  #slotOf(flow: Flow, at: number, scope: number): number {
    const slots = this.#slots;
    const addresses = this.#addresses;
    const scopes = this.#scopes;
    const mask = this.#mask;
    let hash = isIpv4(flow, at)
      ? this.#hash.ofWords(flow, at + 3, 1)
      : this.#hash.ofWords(flow, at, 4);
    if (scope !== 0) hash ^= this.#hash.ofId(scope);
    let slot = hash & mask;
    for (;;) {
      const place = slots[slot]! - 1;
      if (place === NONE) return slot;
      if (scopes[place] === scope && sameAddress(addresses, 4 * place, flow, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }
}

/** Whether the address at a place of a record is an IPv4 one, whose last word alone tells it. */
export function isIpv4(flow: Flow, at: number): boolean {
  return flow[at + 2] === IPV4_MAPPED_WORD && flow[at + 1] === 0 && flow[at] === 0;
}
