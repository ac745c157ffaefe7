import assert from "node:assert/strict";
import { portOf } from "../../lib/inventory/port.ts";

const PORTS = [
  "d1a3a1f0-0100-4a5b-8c6d-000000000001",
  "d1a3a1f0-0200-4a5b-8c6d-000000000002",
  "d1a3a1f0-0201-4a5b-8c6d-000000000003",
];

Deno.test("portOf finds the one port that a device is named after", () => {
  for (
    const [device, port] of [
      ["tapd1a3a1f0-01", PORTS[0]],
      ["vhud1a3a1f0-01", PORTS[0]],
      ["tapd1a3a1f0-02", undefined],
      ["tapd1a3a1f0-03", undefined],
      ["tapd1a3a1f0-0", undefined],
      ["tap", undefined],
      ["", undefined],
    ] as const
  ) assert.equal(portOf(device, PORTS), port, device);
});
