import assert from "node:assert/strict";
import { openLog } from "../../lib/log/open_log.ts";
import { MemoryTarget } from "./memory_target.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "oie-log-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

Deno.test("openLog writes the levels that are wanted, and the level can change", async () => {
  const stderr = new MemoryTarget();
  const log = openLog({ level: "notice", format: "logfmt", stderr });
  const all = () => {
    log.error("An {error}", { code: 1 });
    log.notice("A notice");
    log.info("An info");
    log.debug("A debug");
  };
  all();
  log.level = "debug";
  all();
  log.level = "error";
  all();
  await log.close();
  assert.deepEqual(stderr.lines, [
    'level=error msg="An {error}" code=1',
    'level=notice msg="A notice"',
    'level=error msg="An {error}" code=1',
    'level=notice msg="A notice"',
    'level=info msg="An info"',
    'level=debug msg="A debug"',
    'level=error msg="An {error}" code=1',
  ]);
});

Deno.test("openLog writes what another thread logged, with its time", async () => {
  const stderr = new MemoryTarget();
  const log = openLog({ level: "info", format: "json", stderr });
  log.writeForwarded({ timeMs: 1, level: "info", message: "m", fields: { n: 5n } });
  log.writeForwarded({ timeMs: 2, level: "debug", message: "m", fields: {} });
  await log.close();
  const line = '{"ts":"1970-01-01T00:00:00.001Z","level":"info","msg":"m","n":"5"}\n';
  assert.equal(stderr.text, line);
});

Deno.test("openLog appends to a file of mode 0640 and opens it anew after a rotation", async () => {
  await inFolder(async (folder) => {
    const file = `${folder}/log`;
    const stderr = new MemoryTarget();
    const log = openLog({ level: "info", format: "logfmt", file, stderr, nowMs: () => 0 });
    log.info("one");
    await log.flush();
    await Deno.rename(file, `${file}.1`);
    log.info("two");
    await log.flush();
    log.reopen();
    log.info("three");
    await log.close();
    const old = await Deno.readTextFile(`${file}.1`);
    const now = await Deno.readTextFile(file);
    assert.equal(old + now, stderr.text);
    assert.deepEqual(now.trimEnd().split(" ").slice(1), ["level=info", "msg=three"]);
    const mode = (await Deno.stat(file)).mode ?? 0;
    assert.equal(mode & 0o777 & ~0o640, 0);
  });
});

Deno.test("openLog tells once that its file is gone, and heals", async () => {
  await inFolder(async (folder) => {
    const gone = `${folder}/sub`;
    const file = `${gone}/log`;
    await Deno.mkdir(gone);
    let nowMs = 0;
    const stderr = new MemoryTarget();
    const log = openLog({ level: "info", format: "logfmt", file, stderr, nowMs: () => nowMs });
    const say = async (message: string) => {
      nowMs += 2000;
      log.info(message);
      await log.flush();
    };
    await say("one");
    await Deno.remove(gone, { recursive: true });
    await say("two");
    await say("three");
    await Deno.mkdir(gone);
    await say("four");
    await log.close();
    const lost = `ts=${new Date(0).toISOString()} level=info msg=`.length * 2 +
      "two\nthree\n".length;
    assert.deepEqual(stderr.lines, [
      "level=info msg=one",
      "level=info msg=two",
      `level=error msg="Log file cannot be written" path=${file} ` +
      'reason="No such file or directory (os error 2)"',
      "level=info msg=three",
      "level=info msg=four",
      `level=notice msg="Log file is written again" path=${file} lost_bytes=${lost}`,
    ]);
    assert.match(await Deno.readTextFile(file), /^ts=\S+ level=info msg=four\n$/);
  });
});

Deno.test("openLog names path and reason of a file that cannot be opened", async () => {
  await inFolder((folder) => {
    const file = `${folder}/none/log`;
    assert.throws(() => openLog({ level: "info", format: "logfmt", file }), {
      message: `Cannot open log file ${file}: No such file or directory (os error 2)`,
    });
    return Promise.resolve();
  });
});
