import assert from "node:assert/strict";
import { bodyOf } from "../../lib/web/body.ts";

Deno.test("bodyOf sends long bytes from where they stand", async () => {
  const bytes = new Uint8Array(300_000).fill(1);
  const response = new Response(bodyOf(bytes));
  bytes.fill(2);
  assert.deepEqual(new Set(await response.bytes()), new Set([2]));
});

Deno.test("bodyOf leaves the bytes where they stand", async () => {
  for (const length of [0, 5, 1023, 1024, 300_000]) {
    const bytes = new Uint8Array(length).fill(1);
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(await new Response(bodyOf(bytes)).bytes(), bytes);
    }
    assert.equal(bytes.buffer.detached, false);
  }
});
