import assert from "node:assert/strict";
import fc from "fast-check";
import { pinFileTimes } from "../../scripts/file_times.ts";

const TIME_MS = 1_700_000_000_000;

function pinned(text: string): readonly [number, string] {
  const bytes = new TextEncoder().encode(text);
  const count = pinFileTimes(bytes, TIME_MS);
  return [count, new TextDecoder().decode(bytes)];
}

Deno.test("pinFileTimes overwrites the time of every file entry and nothing else", () => {
  assert.deepEqual(
    pinned(
      '[{"File":{"n":"a,b","o":[0,9],"t":1795414899247}},{"File":{"n":"c","t":1795414899999}}]',
    ),
    [
      2,
      '[{"File":{"n":"a,b","o":[0,9],"t":1700000000000}},{"File":{"n":"c","t":1700000000000}}]',
    ],
  );
});

Deno.test("pinFileTimes leaves what only resembles a time", () => {
  for (
    const text of [
      "",
      ',"t":',
      ',"t":1795414899247',
      ',"t":1795414899247}',
      ',"t":179541489924}}',
      ',"t":17954148992470}}',
      ',"t":179541489924x}}',
      '{"t":1795414899247}}',
    ]
  ) assert.deepEqual(pinned(text), [0, text]);
});

Deno.test("pinFileTimes throws when the time would change the length of the program", () => {
  for (const timeMs of [0, 999_999_999_999, 10_000_000_000_000, NaN, 1_700_000_000.5]) {
    assert.throws(() => pinFileTimes(new Uint8Array(9), timeMs), { name: "RangeError" });
  }
});

Deno.test("pinFileTimes makes programs equal that differ in their times alone", () => {
  const time = fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), time, time)), (files) => {
      const list = (index: 1 | 2) =>
        files.map((file) => `{"File":{"n":${JSON.stringify(file[0])},"t":${file[index]}}}`).join();
      assert.deepEqual(pinned(list(1)), pinned(list(2)));
      assert.equal(pinned(list(1))[0], files.length);
    }),
    { seed: 268 },
  );
});
