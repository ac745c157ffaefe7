import assert from "node:assert/strict";
import { parseMemoryKib, parseVcpus } from "../../lib/inventory/quantity.ts";

const VCPUS: readonly (readonly [string, number | undefined])[] = [
  ["1", 1],
  [" 16\n", 16],
  ["65535", 65535],
  ["65536", undefined],
  ["0", undefined],
  ["-1", undefined],
  ["1.5", undefined],
  ["0x10", undefined],
  ["1e3", undefined],
  ["", undefined],
  ["9".repeat(400), undefined],
];

for (const [text, vcpus] of VCPUS) {
  Deno.test(`parseVcpus reads ${JSON.stringify(text.slice(0, 20))} as ${vcpus}`, () => {
    assert.equal(parseVcpus(text), vcpus);
  });
}

const MEMORY: readonly (readonly [string, string, number | undefined])[] = [
  ["2048", "", 2048],
  ["2048", "KiB", 2048],
  ["2048", "k", 2048],
  ["2048", "KB", 2000],
  ["4096", "b", 4],
  ["4096", "bytes", 4],
  ["1000", "b", undefined],
  ["3", "MiB", 3072],
  ["3", "M", 3072],
  ["1", "MB", 976],
  ["2", "GiB", 2097152],
  ["1", "TiB", 1073741824],
  ["1", "parsec", undefined],
  ["0", "KiB", undefined],
  ["x", "KiB", undefined],
  ["9007199254740991", "EiB", undefined],
];

for (const [text, unit, kib] of MEMORY) {
  Deno.test(`parseMemoryKib reads "${text} ${unit}" as ${kib}`, () => {
    assert.equal(parseMemoryKib(text, unit), kib);
  });
}
