/** What stands before and after the modification time of each file that `deno compile` embeds. */
const BEFORE = new TextEncoder().encode(',"t":');
const AFTER = new TextEncoder().encode("}}");
/** Digits of a time in milliseconds since the epoch, from 2001 to 2286. */
const DIGITS = 13;

/**
 * Writes `timeMs` over the modification times in the list of embedded files of a compiled program,
 * in place: they are all that differs between two compilations of one commit.
 * Returns how many there were.
 *
 * @param program What `deno compile` appended to its runtime.
 * @throws {RangeError} If `timeMs` has not 13 digits.
 */
export function pinFileTimes(program: Uint8Array, timeMs: number): number {
  const time = new TextEncoder().encode(String(timeMs));
  if (time.length !== DIGITS) {
    throw new RangeError(`Cannot pin file times: ${timeMs} has not ${DIGITS} digits`);
  }
  let pinned = 0;
  for (let at = program.indexOf(BEFORE[0] ?? 0); at !== -1;) {
    const digits = at + BEFORE.length;
    const end = digits + DIGITS;
    if (
      startsWith(program, at, BEFORE) && startsWith(program, end, AFTER) &&
      program.subarray(digits, end).every(isDigit)
    ) {
      program.set(time, digits);
      pinned++;
    }
    at = program.indexOf(BEFORE[0] ?? 0, at + 1);
  }
  return pinned;
}

function startsWith(bytes: Uint8Array, at: number, start: Uint8Array): boolean {
  return at + start.length <= bytes.length && start.every((byte, i) => bytes[at + i] === byte);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
