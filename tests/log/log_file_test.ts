import assert from "node:assert/strict";
import { LogFile, type LogFileEvent } from "../../lib/log/log_file.ts";

Deno.test("LogFile tells of a file that fails and heals all the time once a minute", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-log-file-" });
  try {
    const path = `${folder}/log`;
    const clock = { ms: 0 };
    const told: LogFileEvent[] = [];
    using file = new LogFile(path, { tell: (event) => told.push(event), nowMs: () => clock.ms });
    const write = (text: string) => file.write(new TextEncoder().encode(text));
    /** A folder in the file's place costs one line. */
    const failOnce = async () => {
      await Deno.remove(path);
      await Deno.mkdir(path);
      file.reopen();
      await write("lost\n");
      await Deno.remove(path);
      await write("kept\n");
    };
    for (clock.ms = 0; clock.ms < 70_000; clock.ms += 10_000) await failOnce();
    const reason = "Is a directory (os error 21)";
    assert.deepEqual(told, [
      { event: "failed", reason },
      { event: "healed", lostBytes: 5 },
      { event: "failed", reason },
      // What the five that nobody was told of have cost, too.
      { event: "healed", lostBytes: 30 },
    ]);
    assert.equal(await Deno.readTextFile(path), "kept\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
