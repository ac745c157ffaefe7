import assert from "node:assert/strict";
import fc from "fast-check";
import { JsonFramer } from "../../lib/ovs/json_framer.ts";
import { OvsdbError } from "../../lib/ovs/ovsdb_error.ts";

const SEED = 20_301;

Deno.test("JsonFramer.push gives the messages of a stream, however it is cut", () => {
  const message = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })),
    fc.array(fc.jsonValue({ maxDepth: 4 })),
  ).map((value) => JSON.parse(JSON.stringify(value)));
  const separator = fc.constantFrom("", " ", "\n", "\r\n\t");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(message, separator), { maxLength: 6 }),
      fc.array(fc.nat(40), { maxLength: 20 }),
      (messages, cuts) => {
        const text = messages.map(([value, after]) => JSON.stringify(value) + after).join("");
        let rest = new TextEncoder().encode(text);
        const framer = new JsonFramer(1_000_000);
        const found: unknown[] = [];
        // Each piece comes in the same buffer, as it does from a socket.
        const buffer = new Uint8Array(rest.length);
        for (const cut of [...cuts, rest.length]) {
          buffer.set(rest.subarray(0, cut));
          found.push(...framer.push(buffer.subarray(0, Math.min(cut, rest.length))));
          rest = rest.subarray(cut);
          buffer.fill(0x58);
        }
        assert.deepEqual(found, messages.map(([value]) => value));
      },
    ),
    { seed: SEED },
  );
});

Deno.test("JsonFramer.push gives messages or an OvsdbError, whatever the bytes", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'[]{}",:\\ 1a') }).map((text) =>
      new TextEncoder().encode(text)
    ),
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 5 }), (pieces) => {
      const framer = new JsonFramer(300);
      try {
        for (const piece of pieces) for (const message of framer.push(piece)) void message;
      } catch (error) {
        assert.ok(error instanceof OvsdbError, String(error));
      }
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

const BAD: readonly (readonly [what: string, text: string, message: string])[] = [
  ["no object", "null", "it is no JSON object"],
  ["a brace too many", "{}}", "it is no JSON object"],
  ["an object that is no JSON", "{x}", "it is no JSON"],
  ["brackets that do not fit", "{]", "it is no JSON"],
  ["what is deep", "[".repeat(65), "it is nested deeper than 64"],
  ["what is long", `["${"x".repeat(1000)}`, "a message has more than 1000 bytes"],
];

for (const [what, text, message] of BAD) {
  Deno.test(`JsonFramer.push refuses ${what}`, () => {
    const framer = new JsonFramer(1000);
    assert.throws(() => [...framer.push(new TextEncoder().encode(text))], {
      name: "OvsdbError",
      message: `Cannot use the answer of Open vSwitch's database: ${message}`,
    });
  });
}
