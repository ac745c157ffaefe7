/**
 * Numbers from 0 on in 16 bits: a 32-bit float without its sign, which is always plus, and without
 * its last 15 bits. Its largest error is 0.2 percent, which no chart shows.
 */
const DROPPED_BITS = 15;
const HALF = 1 << (DROPPED_BITS - 1);
/** Above every number: a packed Infinity is 0xff00. */
export const UNKNOWN = 0xffff;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Packs a number; NaN, and what is below 0, is {@link UNKNOWN}. */
export function packValue(value: number): number {
  if (!(value >= 0)) return UNKNOWN;
  float[0] = value;
  return (bits[0]! + HALF) >>> DROPPED_BITS;
}

/** The number that was packed; NaN for {@link UNKNOWN}. */
export function unpackValue(packed: number): number {
  if (packed === UNKNOWN) return NaN;
  bits[0] = packed << DROPPED_BITS;
  return float[0]!;
}
