import assert from "node:assert/strict";
import type { ZonesSeen } from "./zones_scenario.ts";

Deno.test("binary tells two tenants' equal addresses apart by Open vSwitch's zones, while it has them", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", `${import.meta.dirname}/zones_scenario.ts`],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const seen: readonly ZonesSeen[] = JSON.parse(new TextDecoder().decode(stdout));
  assert.deepEqual(seen, [
    // It sends only now.
    [1, 0, 2, 1, 0],
    [1, 0, 3, 1, 128],
    // Without the database each entry counts for both, and what they carried before for none.
    [0, 1, 6, 6, 128],
    [1, 0, 3, 1, 128],
    // Its port is in another zone now, where it has no flow.
    [1, 0, 3, 0, 128],
  ]);
});
