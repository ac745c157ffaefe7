import { openLibc } from "../ffi/libc.ts";

/**
 * Keeps the process small: call it first, since it counts for what is allocated after it. Pages are
 * megabytes and new in each cycle; glibc would keep them in its arenas when they are freed. V8's own
 * heaps are kept small by flags, which it takes from the command line alone: see the task `start`.
 */
export function useMemoryFrugally(): void {
  using libc = openLibc();
  libc.limitMalloc({ mmapThresholdBytes: 128 * 1024, arenas: 2 });
}
