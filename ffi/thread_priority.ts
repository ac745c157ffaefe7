const symbols = {
  // int setpriority(int which, id_t who, int prio);
  setpriority: { parameters: ["i32", "u32", "i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const PRIO_PROCESS = 0;
/** With which and who 0 Linux means the calling thread alone (setpriority(2), "C library/kernel differences"). */
const THIS_THREAD = 0;
/** Where there is competition for a processor, about a tenth of what a thread of the usual 0 gets. */
const NICE = 10;

/**
 * Makes the thread that calls, and those that it starts later, give way to the other threads of this
 * machine. Everybody may lower a priority; where it fails nothing changes.
 *
 * @throws {Error} If the C library cannot be opened.
 */
export function lowerThreadPriority(): void {
  const libc = Deno.dlopen("libc.so.6", symbols);
  try {
    libc.symbols.setpriority(PRIO_PROCESS, THIS_THREAD, NICE);
  } finally {
    libc.close();
  }
}
