import assert from "node:assert/strict";
import { churnGuests } from "../e2e/churn_rounds.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { type Point, quarterMedians } from "./flatness.ts";

Deno.test("binary shows guests as they are after each of two hundred changes, and holds no more after them", async () => {
  await using node = await LibvirtNode.start();
  const options = { operations: 200, settled: 40, seed: 3 };
  const { done, before, after, residentMib, connections, references } = await churnGuests(
    node,
    options,
    true,
  );
  const resident = quarterMedians(residentMib.map((mib, at): Point => [at, mib]));
  console.log(Object.fromEntries(done));
  const text = ({ descriptors, threads, residentMib }: typeof before) =>
    `${descriptors} descriptors, ${threads} threads, ${residentMib.toFixed(1)} MiB`;
  console.log(`after 40 operations ${text(before)}; after 200 ${text(after)}`);
  console.log(
    `resident: median ${resident.second.toFixed(1)} MiB in the second quarter, ` +
      `${resident.last.toFixed(1)} in the last; at ten moments: ` +
      residentMib.filter((_, at) => at % 20 === 0).map((mib) => mib.toFixed(0)).join(" "),
  );
  assert.deepEqual([connections, references], [1, 0]);
  // The test's own kept connections come and go.
  assert.ok(after.descriptors <= before.descriptors + 2, text(after));
  assert.ok(after.threads <= before.threads + 1, text(after));
  assert.ok(resident.last <= resident.second * 1.1, JSON.stringify(resident));
});
