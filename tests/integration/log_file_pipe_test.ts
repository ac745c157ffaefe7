import assert from "node:assert/strict";
import { LogFile, type LogFileEvent } from "../../lib/log/log_file.ts";

// To open a pipe would wait for a reader that never comes: these tests would hang.
const REASON = "it is a pipe, a socket or a device, and a regular file is wanted";

async function withPipe(run: (pipe: string, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "oie-log-pipe-" });
  try {
    const pipe = `${folder}/pipe`;
    const { success } = await new Deno.Command("mkfifo", { args: [pipe] }).output();
    assert.ok(success);
    await run(pipe, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function open(path: string, told: LogFileEvent[] = []): LogFile {
  return new LogFile(path, {
    name: "threat file",
    tell: (event) => told.push(event),
    nowMs: () => 0,
  });
}

Deno.test("LogFile refuses a pipe and a device in one line", async () => {
  await withPipe((pipe) => {
    for (const path of [pipe, "/dev/full"]) {
      assert.throws(() => open(path), { message: `Cannot open threat file ${path}: ${REASON}` });
    }
    return Promise.resolve();
  });
});

Deno.test("LogFile tells of a pipe in its file's place, and heals when it is gone", async () => {
  await withPipe(async (pipe, folder) => {
    const path = `${folder}/log`;
    const told: LogFileEvent[] = [];
    using file = open(path, told);
    await Deno.rename(pipe, path);
    file.reopen();
    await file.write(new TextEncoder().encode("lost\n"));
    assert.deepEqual(told, [{ event: "failed", reason: REASON }]);
    await Deno.remove(path);
    await file.write(new TextEncoder().encode("kept\n"));
    assert.deepEqual(told.slice(1), [{ event: "healed", lostBytes: 5 }]);
    assert.equal(await Deno.readTextFile(path), "kept\n");
  });
});
