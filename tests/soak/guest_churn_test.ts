import assert from "node:assert/strict";
import { churnGuests } from "../e2e/churn_rounds.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";

Deno.test("binary shows guests as they are after each of two hundred changes, and holds no more after them", async () => {
  await using node = await LibvirtNode.start();
  const options = { operations: 200, settled: 40, seed: 3 };
  const { done, before, after, connections, references } = await churnGuests(node, options, true);
  console.log(Object.fromEntries(done));
  const text = ({ descriptors, threads, residentMib }: typeof before) =>
    `${descriptors} descriptors, ${threads} threads, ${residentMib.toFixed(1)} MiB`;
  console.log(`after 40 operations ${text(before)}; after 200 ${text(after)}`);
  assert.deepEqual([connections, references], [1, 0]);
  // The test's own kept connections come and go.
  assert.ok(after.descriptors <= before.descriptors + 2, text(after));
  assert.ok(after.threads <= before.threads + 1, text(after));
  assert.ok(after.residentMib <= before.residentMib + 10, text(after));
});
