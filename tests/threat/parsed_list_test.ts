import assert from "node:assert/strict";
import { LineListParser } from "../../lib/threat/parse_lines.ts";

Deno.test("a list of 2,000,000 entries is read, one of an entry more is refused", () => {
  const parser = new LineListParser({ jsonLines: false });
  const piece = new TextEncoder().encode("1.2.3.4\n5.6.7.0/24\n".repeat(10_000));
  for (let count = 0; count < 100; count++) parser.push(piece);
  const one = new TextEncoder().encode("9.9.9.9\n");
  assert.throws(() => parser.push(one), {
    name: "ListFormatError",
    message: "Cannot read the list: it has more than 2000000 entries",
  });
  const { read, set } = parser.end();
  assert.deepEqual([read, set.ipv4.bits.length], [2_000_000, 2]);
});
