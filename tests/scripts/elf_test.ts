import assert from "node:assert/strict";
import fc from "fast-check";
import { elfImageEnd } from "../../scripts/elf.ts";

interface Header {
  readonly tableOffset: bigint;
  readonly entryBytes: number;
  readonly entryCount: number;
  readonly fileBytes: number;
}

function elfFile({ tableOffset, entryBytes, entryCount, fileBytes }: Header): Uint8Array {
  const bytes = new Uint8Array(fileBytes);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0x28, tableOffset, true);
  view.setUint16(0x3a, entryBytes, true);
  view.setUint16(0x3c, entryCount, true);
  return bytes;
}

Deno.test("elfImageEnd returns the end of the section headers and ignores what was appended", () => {
  const header = { tableOffset: 128n, entryBytes: 64, entryCount: 3 };
  assert.equal(elfImageEnd(elfFile({ ...header, fileBytes: 320 })), 320);
  assert.equal(elfImageEnd(elfFile({ ...header, fileBytes: 5000 })), 320);
});

Deno.test("elfImageEnd reads from where a view begins in its buffer", () => {
  const file = elfFile({ tableOffset: 64n, entryBytes: 64, entryCount: 1, fileBytes: 200 });
  const shifted = new Uint8Array(210);
  shifted.set(file, 7);
  assert.equal(elfImageEnd(shifted.subarray(7)), 128);
});

Deno.test("elfImageEnd throws when the file is no complete 64-bit little-endian ELF file", () => {
  const whole = { tableOffset: 128n, entryBytes: 64, entryCount: 3, fileBytes: 320 };
  const bigEndian = elfFile(whole);
  bigEndian[5] = 2;
  const bad: readonly (readonly [Uint8Array, RegExp])[] = [
    [new Uint8Array(0), /0 bytes are fewer than its 64/],
    [elfFile(whole).subarray(0, 63), /63 bytes are fewer than its 64/],
    [new TextEncoder().encode("#!/bin/sh\n".repeat(20)), /no 64-bit little-endian ELF file/],
    [bigEndian, /no 64-bit little-endian ELF file/],
    [elfFile({ ...whole, fileBytes: 319 }), /do not lie inside the file of 319 bytes/],
    [elfFile({ ...whole, entryCount: 0 }), /do not lie inside/],
    [elfFile({ ...whole, tableOffset: 0n }), /do not lie inside/],
    [elfFile({ ...whole, tableOffset: 2n ** 64n - 1n }), /do not lie inside/],
  ];
  for (const [bytes, message] of bad) {
    assert.throws(() => elfImageEnd(bytes), { name: "SyntaxError", message });
  }
});

Deno.test("elfImageEnd on any bytes returns an offset inside them or throws SyntaxError", () => {
  const magic = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 256 }), fc.boolean(), (bytes, withMagic) => {
      if (withMagic && bytes.length >= magic.length) bytes.set(magic);
      let end: number;
      try {
        end = elfImageEnd(bytes);
      } catch (error) {
        assert.ok(error instanceof SyntaxError, String(error));
        return;
      }
      assert.ok(end >= 64 && end <= bytes.length);
    }),
    { seed: 268, numRuns: 2000 },
  );
});

Deno.test("elfImageEnd on any well-formed header returns exactly its table's end", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 64, max: 4096 }),
      fc.integer({ min: 1, max: 64 }),
      fc.nat({ max: 512 }),
      (offset, entryCount, appended) => {
        const end = offset + entryCount * 64;
        const file = elfFile({
          tableOffset: BigInt(offset),
          entryBytes: 64,
          entryCount,
          fileBytes: end + appended,
        });
        assert.equal(elfImageEnd(file), end);
      },
    ),
    { seed: 268 },
  );
});
