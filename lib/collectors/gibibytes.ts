const GIBIBYTE = 2 ** 30;

/** Bytes as GiB, unrounded: what the specification's `*_gbytes` names mean. */
export function gibibytes(bytes: bigint): number {
  return Number(bytes) / GIBIBYTE;
}
