import fc from "fast-check";

/** One change of some bytes. Places are shares of the length, so that one fits any length. */
interface Edit {
  readonly kind: keyof typeof EDITS;
  readonly at: number;
  readonly length: number;
  readonly value: number;
  readonly other: Uint8Array;
}

type Change = (bytes: Uint8Array, from: number, to: number, edit: Edit) => Uint8Array[];

/** Numbers at which lengths and counters go wrong. */
const EDGES = [0, 1, 3, 4, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fffffff];
/** Characters that end, open or escape something in one of the forms that the program reads. */
const SYNTAX = new TextEncoder().encode("\0\n\r\t \"'\\<>&;:,/#=[]{}()-+.%0e\x7f\u{FEFF}");

const EDITS = {
  flip: (bytes, from, _, { value }) => {
    const flipped = bytes.slice();
    if (from < bytes.length) flipped[from]! ^= 1 << value % 8;
    return [flipped];
  },
  set: (bytes, from, _, { value }) => {
    const changed = bytes.slice();
    if (from < bytes.length) changed[from] = value;
    return [changed];
  },
  /** A whole number of two or four bytes, of which lengths and types are made. */
  edge: (bytes, from, _, { value, length }) => {
    const changed = bytes.slice();
    const view = new DataView(changed.buffer);
    const edge = EDGES[value % EDGES.length] ?? 0;
    const at = from & ~1;
    if (length < 0.5 && at + 2 <= bytes.length) view.setUint16(at, edge, value < 128);
    else if (at + 4 <= bytes.length) view.setUint32(at, edge, value < 128);
    return [changed];
  },
  cut: (bytes, from) => [bytes.subarray(0, from)],
  remove: (bytes, from, to) => [bytes.subarray(0, from), bytes.subarray(to)],
  repeat: (bytes, from, to, { value }) => {
    const part = bytes.subarray(from, Math.min(to, from + 256));
    return [
      bytes.subarray(0, from),
      ...Array<Uint8Array>(value % 8 + 2).fill(part),
      bytes.subarray(to),
    ];
  },
  syntax: (bytes, from, _, { value }) => {
    const at = value % SYNTAX.length;
    return [bytes.subarray(0, from), SYNTAX.subarray(at, at + 1), bytes.subarray(from)];
  },
  splice: (bytes, from, to, { other, length }) => {
    const begin = Math.floor(other.length * length);
    return [bytes.subarray(0, from), other.subarray(begin, begin + 512), bytes.subarray(to)];
  },
} as const satisfies Readonly<Record<string, Change>>;

/** Real samples after one to six changes each, and now and then with none: those must stay good. */
export function mutated(
  samples: readonly Uint8Array<ArrayBuffer>[],
): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const edit: fc.Arbitrary<Edit> = fc.record({
    kind: fc.constantFrom(...Object.keys(EDITS) as (keyof typeof EDITS)[]),
    at: share,
    // Mostly short: a long part leaves little of the sample.
    length: share.map((length) => length ** 4),
    value: fc.nat(255),
    other: fc.constantFrom(...samples),
  });
  return fc.tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 6 }))
    .map(([sample, edits]) => edits.reduce(apply, sample));
}

/** The same for text, through the bytes of its UTF-8. */
export function mutatedText(samples: readonly string[]): fc.Arbitrary<string> {
  const encoder = new TextEncoder();
  const bytes = samples.map((sample) => encoder.encode(sample));
  return mutated(bytes).map((changed) => new TextDecoder().decode(changed));
}

function apply(bytes: Uint8Array<ArrayBuffer>, edit: Edit): Uint8Array<ArrayBuffer> {
  const from = Math.floor(bytes.length * edit.at);
  const to = Math.min(bytes.length, from + Math.ceil(bytes.length * edit.length));
  const change: Change = EDITS[edit.kind];
  return concat(change(bytes, from, to, edit));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
