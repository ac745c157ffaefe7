import assert from "node:assert/strict";
import fc from "fast-check";
import { JsonFramer } from "../../lib/ovs/json_framer.ts";
import { OvsdbError } from "../../lib/ovs/ovsdb_error.ts";

const SEED = 20_301;

Deno.test("JsonFramer.push gives the messages of a stream, however it is cut", () => {
  // With characters of two bytes, three and four.
  const value = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" });
  const message = fc.oneof(
    fc.dictionary(fc.string({ unit: "binary" }), value),
    fc.array(value),
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

Deno.test("JsonFramer.push takes any number of messages of the longest size", () => {
  const framer = new JsonFramer(10);
  const message = new TextEncoder().encode('["123456"]');
  for (let turn = 0; turn < 3; turn++) {
    const found = [message.subarray(0, 4), message.subarray(4)].flatMap((piece) => [
      ...framer.push(piece),
    ]);
    assert.deepEqual(found, [["123456"]]);
  }
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

/** Bytes in a text that are no UTF-8. */
const NO_UTF8: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ["a byte that no character has", [0xff]],
  ["a byte that begins no character", [0x80]],
  ["a character that is cut at the end", [0x61, 0xc3]],
  ["a longer one that is cut at the end", [0xf0, 0x9f, 0x98]],
  ["a slash in two bytes", [0xc0, 0xaf]],
  ["half of a UTF-16 pair", [0xed, 0xa0, 0x80]],
];

for (const [what, bytes] of NO_UTF8) {
  Deno.test(`JsonFramer.push refuses ${what}, in one piece or in many`, () => {
    const encode = (text: string) => [...new TextEncoder().encode(text)];
    for (const [before, after] of [['{"a":"', '"}'], ["{", "}"], ['{"a":1', "}"]] as const) {
      const message = Uint8Array.from([...encode(before), ...bytes, ...encode(after)]);
      for (const size of [1, message.length]) {
        const framer = new JsonFramer(1000);
        assert.throws(() => {
          for (let at = 0; at < message.length; at += size) {
            for (const each of framer.push(message.subarray(at, at + size))) void each;
          }
        }, {
          name: "OvsdbError",
          message: "Cannot use the answer of Open vSwitch's database: it is no UTF-8",
        });
      }
    }
  });
}
