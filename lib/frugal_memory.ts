import { openLibc } from "../ffi/libc.ts";

/** As many as there are threads with much to do: the one that collects and the one that serves. */
const ARENAS = 2;

/**
 * Keeps the process small: call it first, since it counts for the arenas of threads that come after
 * it. V8's own heaps are kept small by flags, which it takes from the command line alone: see the
 * task `start`.
 */
export function useMemoryFrugally(): void {
  using libc = openLibc();
  libc.limitArenas(ARENAS);
}
