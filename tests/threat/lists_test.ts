import assert from "node:assert/strict";
import { THREAT_LISTS, type ThreatList } from "../../lib/threat/lists.ts";

/** Name, kind, refresh, and the flags of the sources with their defaults: a row for each list. */
const EXPECTED = [
  ["tor_exit", "onionoo", "1h", {
    "tor.exit.url": "https://onionoo.torproject.org/details?search=flag:exit&fields=or_addresses",
  }],
  ["tor_relay", "onionoo", "1h", {
    "tor.relay.url":
      "https://onionoo.torproject.org/details?search=flag:running&fields=or_addresses",
  }],
  ["spamhaus", "drop", "6h", {
    "spamhaus.url": "https://www.spamhaus.org/drop/drop.txt",
    "spamhaus.ipv6.url": "https://www.spamhaus.org/drop/dropv6.txt",
  }],
  ["emergingthreats", "plain", "6h", {
    "emergingthreats.url": "https://rules.emergingthreats.net/blockrules/compromised-ips.txt",
  }],
  ["customlist", "plain", "10m", { "customlist.path": "" }],
];

Deno.test("THREAT_LISTS has the lists and defaults of the specification, in its order", () => {
  const rows: readonly ThreatList[] = THREAT_LISTS;
  const found = rows.map(({ name, format, refresh, sources }) => [
    name,
    format,
    refresh,
    Object.fromEntries(sources.map((source) => [source.flag, source.default])),
  ]);
  assert.deepEqual(found, EXPECTED);
});

Deno.test("the flags of each list begin with its own", () => {
  for (const { name, flag, sources } of THREAT_LISTS) {
    assert.equal(flag.replaceAll(".", "_"), name);
    for (const source of sources) assert.ok(source.flag.startsWith(`${flag}.`), source.flag);
  }
});
