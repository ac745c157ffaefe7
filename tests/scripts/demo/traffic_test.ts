import assert from "node:assert/strict";
import { parseIpAddress } from "../../../lib/address/ip_address.ts";
import { CLOUD, fixedIpsOfCloud } from "../../../scripts/demo/cloud.ts";
import type { Entry } from "../../../scripts/demo/conntrack_table.ts";
import { passingFlows, standingFlows } from "../../../scripts/demo/traffic.ts";

Deno.test("fixedIpsOfCloud reads addresses by domain, whatever the prefix and the way they are written", () => {
  const xml =
    `<node xmlns:n="x"><domain><n:ip address="10.0.0.1"/><n:ip address="FD00::0:1"/></domain>
    <domain/><domain><ip address="::ffff:10.0.0.2"/><ip address="nonsense"/></domain></node>`;
  assert.deepEqual(fixedIpsOfCloud(xml), [["10.0.0.1", "fd00::1"], [], ["10.0.0.2"]]);
});

Deno.test("standingFlows and passingFlows give entries that the kernel can hold side by side", async () => {
  const cloud = fixedIpsOfCloud(await Deno.readTextFile(CLOUD));
  const fixedIps = new Set(cloud.flat());
  const flows = [...standingFlows(cloud)];
  for (let turn = 0; turn < 60; turn++) flows.push(...passingFlows(cloud, turn));
  assert.ok(flows.length > 2_000, `${flows.length} flows are no cloud`);
  assert.equal(new Set(flows.map(tupleOf)).size, flows.length);
  for (const { src, dst } of flows) {
    assert.ok(fixedIps.has(src) || fixedIps.has(dst), `${src} to ${dst} belongs to nobody`);
    assert.equal(parseIpAddress(src)?.family, parseIpAddress(dst)?.family);
  }
});

Deno.test("passingFlows goes to remotes that nobody talked to before", () => {
  const cloud = [["10.0.0.1"], ["fd00::1"]];
  const known = new Set([...standingFlows(cloud), ...passingFlows(cloud, 0)].map(({ dst }) => dst));
  for (const { dst } of passingFlows(cloud, 1)) assert.ok(!known.has(dst), `${dst} is known`);
});

Deno.test("standingFlows and passingFlows of no cloud are none", () => {
  assert.deepEqual([...standingFlows([]), ...passingFlows([], 0), ...passingFlows([[]], 0)], []);
});

function tupleOf({ protocol, src, dst, srcPort, dstPort }: Entry): string {
  return [protocol, src, dst, srcPort, dstPort].join(" ");
}
