import assert from "node:assert/strict";
import fc from "fast-check";
import { KeyDecoder } from "../../lib/screen/keys.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function keysOf(...pieces: readonly string[]): string[] {
  const decoder = new KeyDecoder();
  return [...pieces.flatMap((piece) => decoder.push(bytes(piece))), ...decoder.flush()];
}

Deno.test("KeyDecoder reads what terminals send for keys, whole and in pieces", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["aé東", ["a", "é", "東"]],
    ["\x1b[A\x1bOB\x1b[5~\x1b[6~", ["up", "down", "pageUp", "pageDown"]],
    ["\x1b[H\x1b[1~\x1bOF\x1b[4~\x1b[8~", ["home", "home", "end", "end", "end"]],
    ["\r\n\x7f\b\t", ["enter", "enter", "backspace", "backspace", "tab"]],
    ["\x03\x0c\x15\x17", ["interrupt", "redraw", "clear", "clearWord"]],
    ["\x1b", ["escape"]],
    ["\x1bq", ["escape", "q"]],
    ["\x1b\x1b[A", ["escape", "up"]],
    ["\x1b[1;5A\x1b[?25h\x1b[200~x", ["x"]],
    ["\x00\x01\x1a\x9b", []],
    ["\x1b[", ["escape", "["]],
  ];
  for (const [sent, keys] of cases) {
    assert.deepEqual(keysOf(sent), keys, JSON.stringify(sent));
    if (!sent.includes("\x1b[\x00")) assert.deepEqual(keysOf(...sent), keys, "letter by letter");
  }
});

Deno.test("KeyDecoder waits for the rest of a character and of a sequence", () => {
  const decoder = new KeyDecoder();
  assert.deepEqual(decoder.push(bytes("é").slice(0, 1)), []);
  assert.equal(decoder.isWaiting, false);
  assert.deepEqual(decoder.push(bytes("é").slice(1)), ["é"]);
  assert.deepEqual(decoder.push(bytes("\x1b[5")), []);
  assert.equal(decoder.isWaiting, true);
  assert.deepEqual(decoder.push(bytes("~")), ["pageUp"]);
  assert.equal(decoder.isWaiting, false);
});

Deno.test("KeyDecoder gives a key for no control, and ends with whatever is sent", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (pieces) => {
      const decoder = new KeyDecoder();
      const keys = [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.flush()];
      assert.equal(decoder.isWaiting, false);
      for (const key of keys) assert.doesNotMatch(key, /^\p{Cc}?$/u);
    }),
    { seed: 8 },
  );
});
