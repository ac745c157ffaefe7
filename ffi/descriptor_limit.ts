const symbols = {
  // int getrlimit(int resource, struct rlimit *rlim);
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  // int setrlimit(int resource, const struct rlimit *rlim);
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const RLIMIT_NOFILE = 7;

/**
 * Raises this process's soft limit of open descriptors to its hard one, `most` at the most: some C code
 * loops over all that there could be. Where it fails nothing changes.
 *
 * @throws {Error} If the C library cannot be opened.
 */
export function raiseDescriptorLimit(most: number): void {
  const libc = Deno.dlopen("libc.so.6", symbols);
  try {
    // struct rlimit {rlim_t rlim_cur; rlim_t rlim_max}, 64 bits each; without limit is all ones.
    const limits = new BigUint64Array(2);
    const bytes = new Uint8Array(limits.buffer);
    if (libc.symbols.getrlimit(RLIMIT_NOFILE, bytes) < 0) return;
    const [soft = 0n, hard = 0n] = limits;
    const wanted = hard < BigInt(most) ? hard : BigInt(most);
    if (wanted <= soft) return;
    limits[0] = wanted;
    libc.symbols.setrlimit(RLIMIT_NOFILE, bytes);
  } finally {
    libc.close();
  }
}
