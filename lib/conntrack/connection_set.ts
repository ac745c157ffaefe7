import { AddressHash } from "./address_hash.ts";
import { type Flow, ORIG_SRC, PROTOCOL, REPLY_SRC, REPLY_SRC_PORT, SRC_PORT } from "./flow.ts";
import { capacityFor, needsGrowth } from "./table_capacity.ts";

/**
 * The connections of one interval, each seen from one of its places: a router's zones and the
 * guest's have the same one under tuples that NAT has changed. What NAT leaves alone tells it: of a
 * flow that a place opened, its own port and who answers from where (behind DNAT); of one that it
 * takes, its own port and who opened it from where (before SNAT).
 *
 * Keeps 64 random bits for each, which no tenant can make collide.
 */
export class ConnectionSet {
  readonly #firstOfAddress = new AddressHash();
  readonly #firstOfRest = new AddressHash();
  readonly #secondOfAddress = new AddressHash();
  readonly #secondOfRest = new AddressHash();
  readonly #words = new Uint32Array(3);
  #size = 0;
  /** Two words a slot; an empty one has zeros. */
  #slots = new Uint32Array(2 * capacityFor(0));

  /** Starts an interval without any. */
  clear(): void {
    const capacity = capacityFor(this.#size, this.#slots.length / 2);
    if (2 * capacity === this.#slots.length) this.#slots.fill(0);
    else this.#slots = new Uint32Array(2 * capacity);
    this.#size = 0;
  }

  /** Adds the connection of a record with ports; false where the place has it already. */
  add(place: number, isOut: boolean, flow: Flow): boolean {
    const words = this.#words;
    words[0] = (flow[SRC_PORT]! << 16) | flow[REPLY_SRC_PORT]!;
    words[1] = (flow[PROTOCOL]! << 1) | +isOut;
    words[2] = place;
    const remote = isOut ? REPLY_SRC : ORIG_SRC;
    const first = this.#firstOfAddress.ofWords(flow, remote, 4) ^
      this.#firstOfRest.ofWords(words, 0, 3);
    const second = this.#secondOfAddress.ofWords(flow, remote, 4) ^
      this.#secondOfRest.ofWords(words, 0, 3);
    return this.#put(first >>> 0, second >>> 0 || 1);
  }

  #put(first: number, second: number): boolean {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    let slot = first & mask;
    while (slots[2 * slot + 1] !== 0) {
      if (slots[2 * slot] === first && slots[2 * slot + 1] === second) return false;
      slot = (slot + 1) & mask;
    }
    slots[2 * slot] = first;
    slots[2 * slot + 1] = second;
    if (needsGrowth(++this.#size, mask + 1)) this.#grow();
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    this.#size = 0;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] !== 0) this.#put(old[at]!, old[at + 1]!);
    }
  }
}
