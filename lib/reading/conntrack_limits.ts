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

/** Reads the kernel's figures; `readFile` answers undefined where there is no such file. */
export function readConntrackLimits(
  readFile: (path: string) => string | undefined,
): ConntrackLimits {
  const max = parseCount(readFile(`${FOLDER}/nf_conntrack_max`));
  const entries = parseCount(readFile(`${FOLDER}/nf_conntrack_count`));
  const accounting = parseCount(readFile(`${FOLDER}/nf_conntrack_acct`));
  return {
    ...max !== undefined && { max },
    ...entries !== undefined && { entries },
    ...accounting !== undefined && { accounting },
  };
}

function parseCount(text: string | undefined): number | undefined {
  const digits = text?.trim() ?? "";
  return /^\d{1,20}$/.test(digits) ? Number(digits) : undefined;
}
