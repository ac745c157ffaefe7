import assert from "node:assert/strict";
import { diskTier, diskUuid } from "../../lib/inventory/disk_source.ts";

const UUID = "7e57ab1e-0000-4000-8000-00000000000a";

const CASES = [
  { type: "file", path: "/d", tier: "local", uuid: "/d" },
  { type: "file", path: "/d", serial: UUID, tier: "local", uuid: UUID },
  { type: "file", path: "/d", serial: `${UUID}0`, tier: "local", uuid: "/d" },
  { type: "block", path: "/dev/sdb", tier: "block", uuid: "/dev/sdb" },
  { type: "network", name: "volumes/volume-5", tier: "volumes", uuid: "5" },
  { type: "network", name: "volumes/volume-volume-5", tier: "volumes", uuid: "volume-5" },
  { type: "network", name: "pool/ns/volume-X", tier: "pool", uuid: "ns/volume-X" },
  { type: "network", name: "1e5/x", tier: "1e5", uuid: "x" },
  { type: "network", name: "volume-5", tier: "unknown", uuid: "5" },
  { type: "network", name: "/x", tier: "unknown", uuid: "x" },
  { type: "network", name: "pool/", tier: "pool", uuid: "" },
  { type: "network", name: "pool/volume-", path: "", tier: "pool", uuid: "" },
  { type: "network", tier: "unknown", uuid: "" },
  { type: "dir", path: "/srv", tier: "unknown", uuid: "/srv" },
  { type: "", tier: "unknown", uuid: "" },
];

for (const { type, name = "", path = "", serial = "", tier, uuid } of CASES) {
  Deno.test(`diskTier and diskUuid read type="${type}" name="${name}" serial="${serial}"`, () => {
    const source = { type, name, path, serial };
    assert.deepEqual({ tier: diskTier(source), uuid: diskUuid(source) }, { tier, uuid });
  });
}
