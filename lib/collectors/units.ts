const GIBIBYTE = 2 ** 30;
const NS_PER_SECOND = 1e9;

/** Bytes as GiB, unrounded: what the specification's `*_gbytes` names mean; what is absent stays so. */
export function gibibytes(bytes: bigint | undefined): number | undefined {
  return bytes === undefined ? undefined : Number(bytes) / GIBIBYTE;
}

/** Nanoseconds as seconds; what is absent stays so. */
export function seconds(ns: bigint | undefined): number | undefined {
  return ns === undefined ? undefined : Number(ns) / NS_PER_SECOND;
}

/** KiB as bytes; what is absent stays so. */
export function bytes(kib: bigint | undefined): bigint | undefined {
  return kib === undefined ? undefined : kib * 1024n;
}
