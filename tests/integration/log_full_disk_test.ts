import assert from "node:assert/strict";
import { openLog } from "../../lib/log/open_log.ts";
import { MemoryTarget } from "../log/memory_target.ts";

async function run(...command: readonly string[]): Promise<void> {
  const [program = "", ...args] = command;
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test("openLog survives a full disk", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-full-disk-" });
  await run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder);
  try {
    const path = `${folder}/log`;
    const stderr = new MemoryTarget();
    const log = openLog({ level: "info", format: "logfmt", file: path, stderr });
    await Deno.writeFile(`${folder}/filler`, new Uint8Array(1 << 20)).catch(() => {});
    log.info("one");
    await log.flush();
    log.info("two");
    await log.close();
    assert.deepEqual(stderr.lines, [
      "level=info msg=one",
      `level=error msg="Log file cannot be written" path=${path} ` +
      'reason="No space left on device (os error 28)"',
      "level=info msg=two",
    ]);
  } finally {
    await run("umount", folder);
    await Deno.remove(folder);
  }
});
