import assert from "node:assert/strict";
import { openLog } from "../../lib/log/open_log.ts";
import { MemoryTarget } from "../log/memory_target.ts";

// Devices need all permissions, which the unit tests do not have.
Deno.test("openLog survives a full disk", async () => {
  const stderr = new MemoryTarget();
  const log = openLog({ level: "info", format: "logfmt", file: "/dev/full", stderr });
  log.info("one");
  await log.flush();
  log.info("two");
  await log.close();
  assert.deepEqual(stderr.lines, [
    "level=info msg=one",
    'level=error msg="Log file cannot be written" path=/dev/full ' +
    'reason="No space left on device (os error 28)"',
    "level=info msg=two",
  ]);
});
