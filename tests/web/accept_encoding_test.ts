import assert from "node:assert/strict";
import fc from "fast-check";
import { acceptsGzip } from "../../lib/web/accept_encoding.ts";

const CASES: readonly (readonly [string | null, boolean])[] = [
  [null, false],
  ["", false],
  ["gzip", true],
  ["GZip", true],
  ["x-gzip", true],
  ["deflate, gzip;q=1.0, *;q=0.5", true],
  ["br,gzip", true],
  ["gzip;q=0.001", true],
  ["gzip ; Q=0.5", true],
  ["gzip;q=0", false],
  ["gzip;q=0.000", false],
  ["GZIP;Q=0", false],
  ["gzip;q=0, *", false],
  ["*", true],
  ["*;q=0", false],
  ["identity", false],
  ["identity, *;q=0", false],
  ["identity;q=1, gzip;q=0.5", false],
  ["identity;q=0.5, gzip", true],
  ["gzip;q=x", false],
  ["gzip;q=2", false],
  ["gzip;q=-1", false],
  ["gzipped", false],
  ["gzip;level=9", true],
  [",,gzip,,", true],
];

Deno.test("acceptsGzip follows the weights of the header", () => {
  const got = CASES.map(([header]) => [header, acceptsGzip(header)]);
  assert.deepEqual(got, CASES);
});

Deno.test("acceptsGzip never throws, and a refusal at the end of no other wish counts", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      acceptsGzip(text);
      assert.equal(acceptsGzip(`${text.replace(/gzip|[,"*]/gi, "")},gzip;q=0`), false);
    }),
    { seed: 7, numRuns: 1000 },
  );
});
