import assert from "node:assert/strict";
import { waitMs } from "../../lib/top/poller.ts";
import { snapshot } from "../screen/snapshots.ts";

Deno.test("waitMs waits for the next cycle, and asks often only where it is overdue", () => {
  const wait = (ageMs: number | undefined) => waitMs({ snapshot: snapshot([]), ageMs });
  assert.equal(wait(0), 10_250);
  assert.equal(wait(4000), 6250);
  assert.equal(wait(9900), 1000, "a tenth of the interval");
  assert.equal(wait(60_000), 1000);
  assert.equal(wait(undefined), 1000);
});
