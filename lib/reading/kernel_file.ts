import { openLibc } from "../../ffi/libc.ts";

/**
 * Reads a small file below /proc or /sys, on any thread: it opens the C library for the one call.
 *
 * @returns undefined where it cannot be read or is larger than such a file may be.
 */
export function readKernelFile(path: string): string | undefined {
  using libc = openLibc();
  try {
    return libc.readKernelFile(path);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
