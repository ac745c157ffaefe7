import assert from "node:assert/strict";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { churnGuests } from "./churn_rounds.ts";

Deno.test("binary shows guests as they are after each of their changes, and holds no more after them", async () => {
  await using node = await LibvirtNode.start();
  const { done, before, after, connections, references } = await churnGuests(node, {
    operations: 24,
    settled: 10,
    seed: 2,
  });
  assert.equal(done.size, 7, "each kind of change");
  assert.equal(connections, 1);
  assert.equal(references, 0);
  // The test's own kept connections come and go.
  assert.ok(after.descriptors <= before.descriptors + 2, `${after.descriptors}`);
  assert.ok(after.threads <= before.threads + 1, `${after.threads}`);
});
