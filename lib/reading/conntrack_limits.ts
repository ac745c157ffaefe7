/** The kernel's own figures of its conntrack table; absent where it does not give them. */
export interface ConntrackLimits {
  /** Most entries that the table takes. */
  readonly max?: number;
  /** Entries in the table of this network namespace. */
  readonly entries?: number;
  /** 1 where entries that are made now count their packets and bytes, else 0. */
  readonly accounting?: number;
}

const FOLDER = "/proc/sys/net/netfilter";
const PATHS: Readonly<Record<keyof ConntrackLimits, string>> = {
  max: `${FOLDER}/nf_conntrack_max`,
  entries: `${FOLDER}/nf_conntrack_count`,
  accounting: `${FOLDER}/nf_conntrack_acct`,
};

/**
 * Reads the kernel's figures; `readFile` answers undefined where there is no such file.
 *
 * @returns also why a figure is missing, by its path.
 */
export function readConntrackLimits(
  readFile: (path: string) => string | undefined,
): { readonly limits: ConntrackLimits; readonly errors: ReadonlyMap<string, Error> } {
  const limits: Partial<Record<keyof ConntrackLimits, number>> = {};
  const errors = new Map<string, Error>();
  for (const [figure, path] of Object.entries(PATHS)) {
    const digits = readFile(path)?.trim() ?? "";
    if (/^\d{1,10}$/.test(digits)) limits[figure as keyof ConntrackLimits] = Number(digits);
    else errors.set(path, new Error(`Cannot use ${path}: it is missing or no number`));
  }
  return { limits, errors };
}
