import assert from "node:assert/strict";
import { within } from "../lib/within.ts";

Deno.test("within gives what the promise gives, and leaves no timer", async () => {
  assert.equal(await within(Promise.resolve(1), 60_000, "late"), 1);
  await assert.rejects(within(Promise.reject(new RangeError("no")), 60_000, "late"), RangeError);
});

Deno.test("within gives up on a promise that does not settle", async () => {
  assert.equal(await within(new Promise(() => {}), 1, "late"), "late");
});
