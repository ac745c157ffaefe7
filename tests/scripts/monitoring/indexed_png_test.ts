import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
import { indexedPng } from "../../../scripts/monitoring/indexed_png.ts";

Deno.test("indexedPng writes the palette by frequency and the rows as indices into it", () => {
  const [white, red] = [[255, 255, 255, 255], [255, 0, 0, 255]];
  const pixels = Uint8Array.from([white, red, white, white, white, red].flat());
  const file = Buffer.from(indexedPng(pixels, 3, 2));
  const found: Record<string, string> = {};
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const data = file.subarray(at + 8, at + 8 + length);
    const type = file.toString("latin1", at + 4, at + 8);
    found[type] = (type === "IDAT" ? inflateSync(data) : data).toString("hex");
    at += length + 12;
  }
  assert.deepEqual(found, {
    IHDR: "00000003000000020803000000",
    PLTE: "ffffffff0000",
    IDAT: "0000010000000001",
    IEND: "",
  });
});
