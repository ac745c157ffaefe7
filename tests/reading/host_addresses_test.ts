import assert from "node:assert/strict";
import { hostAddresses } from "../../lib/reading/host_addresses.ts";

const LIST = [
  ["bgp-nic", "198.51.100.7"],
  ["bgp-nic:vip", "198.51.100.8"],
  ["bgp-nic", "2001:db8::7"],
  ["bgp-nic2", "198.51.100.9"],
  ["lo", "192.0.2.1"],
  ["bgp-nic", "fe80::1%bgp-nic"],
  ...[
    "10.1.2.3",
    "172.16.0.1",
    "192.168.9.9",
    "127.0.0.1",
    "169.254.1.1",
    "100.64.0.1",
    "224.0.0.5",
    "::1",
    "fe80::1",
    "fd00::1",
    "ff02::5",
  ].map((address) => ["bgp-nic", address]),
].map(([name = "", address = ""]) => ({ name, address }));

function texts(interfaces: readonly string[], allowPrivate: boolean): readonly string[] {
  return hostAddresses(LIST, { interfaces, allowPrivate }).map(({ text }) => text);
}

Deno.test("hostAddresses are those of the interfaces with these very names, labels included", () => {
  assert.deepEqual(texts(["bgp-nic"], false), ["198.51.100.7", "198.51.100.8", "2001:db8::7"]);
  assert.deepEqual(texts(["lo", "bgp-nic2"], false), ["198.51.100.9", "192.0.2.1"]);
  assert.deepEqual(texts(["bgp"], false), []);
  assert.deepEqual(texts([], false), []);
});

Deno.test("hostAddresses has local addresses only where they are asked for", () => {
  assert.deepEqual(texts(["bgp-nic"], true), [
    "198.51.100.7",
    "198.51.100.8",
    "2001:db8::7",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.9.9",
    "127.0.0.1",
    "169.254.1.1",
    "100.64.0.1",
    "224.0.0.5",
    "::1",
    "fe80::1",
    "fd00::1",
    "ff02::5",
  ]);
});
