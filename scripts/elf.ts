/** Size of the header of a 64-bit ELF file, in bytes (elf(5), Elf64_Ehdr). */
const HEADER_BYTES = 64;

/**
 * Where the image of a 64-bit little-endian ELF file ends, in bytes from its start: the end of the
 * section header table, which linkers write last. What follows was appended by somebody else, such
 * as the program that `deno compile` puts behind its runtime.
 *
 * @throws {SyntaxError} If the bytes are no such file or its table does not lie inside them.
 */
export function elfImageEnd(bytes: Uint8Array): number {
  if (bytes.byteLength < HEADER_BYTES) {
    throw new SyntaxError(
      `Cannot read ELF header: ${bytes.byteLength} bytes are fewer than its ${HEADER_BYTES}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // "\x7fELF", then class 2 (64 bit) and data 1 (little endian).
  if (view.getUint32(0) !== 0x7f454c46 || view.getUint8(4) !== 2 || view.getUint8(5) !== 1) {
    throw new SyntaxError("Cannot read ELF header: the file is no 64-bit little-endian ELF file");
  }
  const tableOffset = view.getBigUint64(0x28, true); // e_shoff
  const entryBytes = view.getUint16(0x3a, true); // e_shentsize
  const entryCount = view.getUint16(0x3c, true); // e_shnum
  const end = tableOffset + BigInt(entryBytes * entryCount);
  if (tableOffset < HEADER_BYTES || entryCount === 0 || end > bytes.byteLength) {
    throw new SyntaxError(
      `Cannot find the end of the ELF image: its section headers (${entryCount} of ${entryBytes} ` +
        `bytes at ${tableOffset}) do not lie inside the file of ${bytes.byteLength} bytes`,
    );
  }
  return Number(end);
}
