/** More than any hypervisor gives a guest: a larger number is a mistake in the XML. */
const MAX_VCPUS = 65_535;

/** Units of libvirt's memory elements, in bytes; letters of either case. */
const UNIT_BYTES: ReadonlyMap<string, number> = new Map([
  ["b", 1],
  ["bytes", 1],
  ...["k", "m", "g", "t", "p", "e"].flatMap((letter, i): [string, number][] => [
    [letter, 1024 ** (i + 1)],
    [`${letter}ib`, 1024 ** (i + 1)],
    [`${letter}b`, 1000 ** (i + 1)],
  ]),
]);

/**
 * Reads a number of vCPUs.
 *
 * @returns undefined where the text is no whole number between 1 and 65,535.
 */
export function parseVcpus(text: string): number | undefined {
  const vcpus = parseWhole(text);
  return vcpus !== undefined && vcpus <= MAX_VCPUS ? vcpus : undefined;
}

/**
 * Reads an amount of memory in libvirt's units.
 *
 * @param unit Such as `KiB` or `GB`; empty is KiB, libvirt's default.
 * @returns KiB, rounded down; undefined where text or unit mean nothing, or less than a KiB.
 */
export function parseMemoryKib(text: string, unit: string): number | undefined {
  const amount = parseWhole(text);
  const bytes = UNIT_BYTES.get(unit.trim().toLowerCase() || "kib");
  if (amount === undefined || bytes === undefined) return undefined;
  const kib = Math.floor(amount * (bytes / 1024));
  return kib > 0 && Number.isSafeInteger(kib) ? kib : undefined;
}

function parseWhole(text: string): number | undefined {
  const digits = text.trim();
  const value = Number(digits);
  return /^\d{1,16}$/.test(digits) && value > 0 && Number.isSafeInteger(value) ? value : undefined;
}
