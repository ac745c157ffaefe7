/** Words of the random tables for one 32-bit word of a key: 256 for each of its bytes. */
const TABLES_OF_WORD = 4 * 256;

/**
 * Tabulation hashing: one table of random words for each byte of the key, xor-ed together. Tenants
 * choose addresses and ports; without the tables, which are random in each process, they cannot
 * choose them to collide, and linear probing stays short (Patrascu and Thorup, "The power of simple
 * tabulation hashing").
 */
export class AddressHash {
  readonly #tables = new Uint32Array(4 * TABLES_OF_WORD);
  readonly #seed: number;

  /** @param random fills an array with random words; the default is the system's secure source. */
  constructor(random: (words: Uint32Array<ArrayBuffer>) => void = secureRandom) {
    random(this.#tables);
    const seed = new Uint32Array(1);
    random(seed);
    this.#seed = seed[0]!;
  }

  /** Hash of a small number that no tenant chooses, for xor-ing with the hash of a key that one does. */
  ofId(id: number): number {
    const spread = Math.imul(id ^ this.#seed, 0x9e3779b1);
    return Math.imul(spread ^ (spread >>> 15), 0x85ebca6b);
  }

  /** Hash of the `count` words, at most four, that begin at a place of an array. */
  ofWords(words: Uint32Array, at: number, count: number): number {
    const tables = this.#tables;
    let hash = 0;
    for (let table = 0, end = at + count; at < end; at++, table += TABLES_OF_WORD) {
      const word = words[at]!;
      hash ^= tables[table + (word & 255)]! ^ tables[table + 256 + ((word >>> 8) & 255)]! ^
        tables[table + 512 + ((word >>> 16) & 255)]! ^ tables[table + 768 + (word >>> 24)]!;
    }
    return hash;
  }
}

function secureRandom(words: Uint32Array<ArrayBuffer>): void {
  crypto.getRandomValues(words);
}
