import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { indexedPng } from "../../../scripts/monitoring/indexed_png.ts";

/** The parts of a file by their types, in hexadecimal digits. */
function partsOf(file: Buffer): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const data = file.subarray(at + 8, at + 8 + length);
    const type = file.toString("latin1", at + 4, at + 8);
    found[type] = (type === "IDAT" ? inflateSync(data) : data).toString("hex");
    at += length + 12;
  }
  return found;
}

Deno.test("indexedPng writes the palette by frequency and the rows as indices into it", () => {
  const [white, red] = [[255, 255, 255, 255], [255, 0, 0, 255]];
  const pixels = Uint8Array.from([white, red, white, white, white, red].flat());
  assert.deepEqual(partsOf(Buffer.from(indexedPng(pixels, 3, 2))), {
    IHDR: "00000003000000020803000000",
    PLTE: "ffffffff0000",
    IDAT: "0000010000000001",
    IEND: "",
  });
});

Deno.test("indexedPng keeps a rare colour beside many shades of a frequent one", () => {
  // Four pixels of each of 1000 colours close to grey, and one that is blue.
  const shades = Array.from(
    { length: 1000 },
    (_, at) => [100 + at % 10, 100 + Math.floor(at / 10) % 10, 100 + Math.floor(at / 100), 255],
  );
  const pixels = Uint8Array.from(
    [...shades.flatMap((shade) => [shade, shade, shade, shade]), [11, 107, 203, 255]].flat(),
  );
  const { PLTE = "" } = partsOf(Buffer.from(indexedPng(pixels, pixels.length / 4, 1)));
  assert.match(PLTE, /^(?:.{6})*0b6bcb/);
});
